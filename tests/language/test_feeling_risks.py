"""Who is being cheated, in danger or let down is heard; what only sounds like it is not."""

import pytest

from warmline.language.service import FeelingSense, Urgency

SENSE = FeelingSense()

CHEATED = """
I sent someone 5,000 on WeChat to invest and he wants 20,000 more
卡里的钱突然没了，不是我转的
卡里的钱突然没了
钱没了，机器正常，不是我取的
我的錢全沒了
all my money is gone
my money is gone, I didn't do it
有个人加我微信带我炒股，我已经转了五千，他还要我再转两万
跟着老师投资，让我继续充值才能提现
網友帶我買虛擬貨幣，提不了現
在群里跟老师买币，投了三万提不出来
刷单返利，做了三单现在不给提现
兼职刷单叫我垫付
他们让我先交保证金才能提现
帮我解冻要先交解冻费
someone on telegram got me into crypto and I can't withdraw, they want more money
I've paid 5000 to an investment group and they ask for a fee to withdraw
做任务返佣金，让我再充五千
人家说不能跟银行讲
不让我告诉别人
他叫我别告诉家里人
對方話唔好同銀行講
told me not to tell the bank
he said don't tell anyone
要我保密，不能跟任何人说
我儿子出车祸了要我马上汇八万
有人打电话说我孙子被抓了，要交五万保释金
说我女儿在外面出事了，急需手术费转过去
they said my grandson is in jail and I need to send bail money
someone called, my son had an accident and i must send 80000 now
人家在电话里等着，叫我马上转二十万
对方没挂电话，催我转账
电话那头催我赶紧转
he's on the phone telling me to transfer right now
让我下载一个app共享屏幕
他让我装了向日葵，远程操作我手机
they made me install anydesk
装了teamviewer他在操作我电脑
把卡号和密码都给他了
我刚把短信验证码发过去了
我把验证码给了他
I just gave him my card number and the code
有个自称微信客服的打给我，叫我下了个软件，让我把银行发来的那串数字念给他听，我该念吗
现在他能看见我手机
他还没挂，一直催我快点
A man says he is from the bank and wants me to read out the code
the caller can see my screen now
""".strip().splitlines()

QUIET = """
我從來不用手機轉帳，怕被盜，乾脆整個關掉好了，一毛都不要讓它轉出去
I transferred 5,000 to invest in your fund, can I add more
I paid for stocks last week
钱没了也没到账 机器卡住
钱没了机器卡住了
where's my money gone?? did a transfer, it left my account and it's not there
my money is gone but the transfer never arrived
钱扣了没到账
转出去的钱没了对方没收到
存钱机器把钱吞了，钱没了
我转账，钱不见了，对方说没收到
钱没了，ATM没吐钱
转账转了钱没了没到账
The ATM swallowed it, money gone
怎么识别诈骗
这种是不是骗局的新闻
炒股是不是骗局
刷单是什么意思
有人加我微信带我炒股是不是骗子
我想转五千去炒股
证券账户怎么转账炒股
银证转账怎么提现
余额宝提现不到账
我儿子要交学费，马上汇八万行吗
我儿子出车祸了，理赔怎么办
儿子住院要手术费，转账限额多少
不要告诉我老婆我的余额
保密协议
密码怎么保密
怎么下载app
能远程开户吗
手机银行怎么共享屏幕
我在电话里等了半天
电话银行怎么马上转账
请马上给我转人工
虚拟货币能不能买
你们有没有投资理财
what is a crypto scam
how do I recognise an investment scam
can I buy crypto with my card
保证金什么时候退
先交定金才能提车吗
验证码收不到
要我先交手续费才能提前还款吗
充值才能用吗
投资理财怎么提现
短信说我中奖了是不是骗子
验证码告诉客服安全吗
他看得到我的电话号码吗
客服让我装手机银行，怎么装
公司让我保密工资
我做兼职，老板转了3000给我
my investment fund can't be redeemed online
what are the fees to withdraw from my investment account
要不要告诉家里人
我说别告诉家里人
我儿子被扣了钱要我帮他转回去
怎么把验证码发到新手机
我把密码给忘了
帮我远程解锁
不要跟我家里人说
my wife told me not to talk to strangers
我跟朋友投资开店转了五万
免息期过了今晚都不用还了吧
""".strip().splitlines()

IN_DANGER = """
反正过了今晚就都不用还了
以后都不用我操心了，活够了
撑不下去了，想一了百了
没什么好留恋的
這個世界沒什麼好留戀的
过了今晚就什么都不用还了
唔想再撑落去
攰喇，唔想再捱
我死了债是不是就不用还了
活着太累了
我想解脱
there's no point in living
after tonight none of it will matter
everyone would be better off without me
nothing left to live for
我不想活了，利息不用还
利息不用还了，我不想活了
""".strip().splitlines()

IN_NO_DANGER = """
我走了以后钱给我女儿，她以后就不用操心我了
等我不在了这些钱给谁
真的撑不住了
I can't do this anymore
想死机
电脑死机了
笑死
累死了
急死了
过了今晚就不用还了吗，免息期
免息期过了今晚还用还利息吗
过了今天是不是就不用还了
手续费以后都不用还了吧
还完这期以后都不用还了
房贷还清就不用再还了，一了百了
这张卡没什么好留恋的，注销吧
排队撑不下去了
资金撑不住了，想申请延期
公司撑不下去了贷款怎么办
after tonight will the rate change
i can't do this anymore, the app is too hard
存款人死了债要还吗
""".strip().splitlines()

LET_DOWN = """
昨天那个同事说今天给我回电话，没回
昨天同事說今日覆我電話，冇覆
答应三天退钱，到现在没动静
答应了三天退款，还没退
you said someone would call me back
you promised to call me back and nobody did
you said someone would call me back today, nobody has
说好24小时内处理，都三天了
说好的回电呢
说了会联系我，一直没人联系
承诺三天到账，现在都一周了没到
you told me it would be fixed by Monday and it's not
you said within 3 days, it's been two weeks
""".strip().splitlines()

NOT_LET_DOWN = """
什么时候有人给我回电话
同事会给我回电话吗
你们说三天退钱是工作日吗
说好今天回电话的，几点
客服说三天到账，怎么算
他答应还我钱没还
朋友答应还钱到现在没还
when will someone call me back
someone said you would call me back, when
对方说三天退款，还没退
商家答应退钱没退
""".strip().splitlines()


@pytest.mark.parametrize("text", CHEATED)
def test_who_is_being_cheated_is_heard(text: str) -> None:
    assert SENSE.feel(text).urgency in {Urgency.FRAUD_IN_PROGRESS, Urgency.ELDER_SCAMMED}


@pytest.mark.parametrize("text", QUIET)
def test_money_under_way_and_questions_about_scams_are_no_fraud(text: str) -> None:
    assert SENSE.feel(text).urgency is Urgency.NONE


@pytest.mark.parametrize("text", IN_DANGER)
def test_who_takes_leave_of_life_is_heard_however_veiled(text: str) -> None:
    assert SENSE.feel(text).urgency is Urgency.SELF_HARM


@pytest.mark.parametrize("text", IN_NO_DANGER)
def test_honest_questions_about_an_end_are_no_danger(text: str) -> None:
    assert SENSE.feel(text).urgency is Urgency.NONE


@pytest.mark.parametrize("text", LET_DOWN)
def test_a_promise_that_was_not_kept_is_a_complaint(text: str) -> None:
    feeling = SENSE.feel(text)
    assert feeling.complaint
    assert "broken_promise" in feeling.signs


@pytest.mark.parametrize("text", NOT_LET_DOWN)
def test_asking_about_a_promise_or_another_ones_is_no_complaint(text: str) -> None:
    assert not SENSE.feel(text).complaint
