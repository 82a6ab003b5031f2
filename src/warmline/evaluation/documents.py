"""stub"""
def evaluate_documents(*a): raise NotImplementedError
