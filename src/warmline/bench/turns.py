"""stub"""
async def run_turns(*, articles): return []
