"""What the invented cases are about: texts written for the demonstration, by category.

`{spot}` is a building of the grid (or a place of the park). `result` is what the handler writes,
`department` who handles it when it leaves the grid.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """Texts of one category; `weight` says how often it comes up."""

    slug: str
    department: str
    texts: tuple[str, ...]
    result: str
    weight: int = 2


TOPICS = (
    Topic("safety-fire", "消防救援大队", (
        "{spot}楼梯口堆了旧沙发和纸箱，消防通道只剩一半宽，晚上经过很不方便。",
        "{spot}消防栓箱门掉了，里面的水带也不见了，请尽快补上。",
        "{spot}前的消防车道白天常停私家车，划线已经磨掉。",
    ), "已清走占道物品并补齐器材，通道恢复畅通，物业每周巡查一次。", 5),
    Topic("safety-ebike", "消防救援大队", (
        "{spot}有住户从窗口拉线下楼给电动车充电，下雨天很危险。",
        "{spot}门厅里夜里停了四五辆电动车充电，味道很大。",
    ), "已现场拆除飞线，引导到集中充电棚，并上门讲解用电安全。", 5),
    Topic("safety-falling", "公安分局", (
        "{spot}高层有人往楼下扔烟头和果皮，差点砸到接孩子的老人。",
    ), "已逐户提醒并张贴告示，物业加装朝上摄像头。"),
    Topic("safety-gas", "燃气公司", (
        "{spot}一楼住户闻到明显的燃气味，已开窗，请马上派人检查。",
    ), "已更换老化软管并复测，无泄漏。", 1),
    Topic("sanitation-rubbish", "城市管理局", (
        "{spot}旁的垃圾桶两天没清，袋子堆到路边，有异味。",
        "{spot}后面有人倒装修垃圾，占了半个绿化带。",
    ), "已清运并冲洗地面，调整为每天清运两次。", 6),
    Topic("sanitation-clutter", "城市管理局", (
        "{spot}三楼到四楼转角堆满旧物，婴儿车都过不去。",
        "{spot}地下室过道放着废旧家具，住户多次提醒没有清。",
    ), "已和住户约定时间，网格员与志愿者一起清理完毕。", 5),
    Topic("sanitation-fumes", "生态环境局", (
        "{spot}楼下餐馆的油烟从早到晚往上飘，阳台不敢晾衣服。",
    ), "已督促店家清洗净化器并加高排烟管，复测合格。", 3),
    Topic("sanitation-noise", "生态环境局", (
        "{spot}附近工地晚上十一点还在施工，老人孩子睡不着。",
        "{spot}广场晚上跳舞音响开得太大，九点半以后还在放。",
    ), "已约定作息并贴出公约，夜间复查两次，噪声达标。", 4),
    Topic("sanitation-sewage", "市政园林管理处", (
        "{spot}一楼下水道反水，污水流到单元门口。",
    ), "已疏通管道并清洗地面，更换破损井箅。", 3),
    Topic("facilities-lamp", "市政园林管理处", (
        "{spot}门前路灯坏了三盏，放学的孩子摸黑走路。",
    ), "已更换灯具三盏，夜间复查正常。", 4),
    Topic("facilities-manhole", "市政园林管理处", (
        "{spot}路口井盖松动，车压过去响声很大，怕有人掉下去。",
    ), "已更换井盖和井圈，浇筑后恢复通行。", 3),
    Topic("facilities-road", "市政园林管理处", (
        "{spot}前人行道砖塌了一块，轮椅过不去。",
    ), "已重铺地砖约六平方米，坡道一并修好。"),
    Topic("facilities-greenery", "市政园林管理处", (
        "{spot}前的大树枝压到阳台，起风时敲窗户。",
    ), "已修剪危枝，清走枯枝两车。"),
    Topic("property-lift", "市场监督管理局", (
        "{spot}电梯这周停了三次，高层老人下不了楼。",
    ), "维保单位更换门机部件，检验人员到场复查合格。", 4),
    Topic("property-parking", "住房和城乡建设局", (
        "{spot}地下车位被外来车长期占着，物业说管不了。",
        "{spot}门口的访客车位成了长租车位，来客没地方停。",
    ), "已和物业、业委会商定停车办法，公示后开始执行。", 4),
    Topic("property-repair", "住房和城乡建设局", (
        "{spot}顶楼漏水两个月，维修资金申请卡住了。",
    ), "已帮助征集签名并报审，施工完成后试水无渗漏。", 3),
    Topic("property-access", "住房和城乡建设局", (
        "{spot}单元门禁坏了半个月，谁都能进。",
    ), "已更换门禁主机，住户卡重新登记。"),
    Topic("dispute-neighbours", "公安分局", (
        "{spot}上下楼因为晚上拖椅子的声音吵了几次，希望社区调解。",
        "{spot}两家因为楼道放鞋柜起争执，情绪都比较激动。",
    ), "网格员和楼道长上门调解，双方签了和解约定。", 4),
    Topic("dispute-property", "住房和城乡建设局", (
        "{spot}多户反映物业费涨了、保洁却少了，准备一起不交费。",
    ), "已召集三方协商，物业公开账目，保洁恢复每天一次。"),
    Topic("dispute-labour", "人力资源和社会保障局", (
        "{spot}装修工反映做完两个月，工钱还差一半没结。",
    ), "劳动监察到场核对工时，余款已经结清。", 1),
    Topic("order-parking", "公安分局", (
        "{spot}放学时段路口乱停车，公交车都进不来。",
    ), "已增划临时停车位并安排护学岗，路口恢复畅通。", 3),
    Topic("order-occupation", "城市管理局", (
        "{spot}前人行道每天下午摆满摊位，行人只能走车道。",
    ), "已劝导入市经营，划定便民摊点，早晚各巡查一次。", 4),
    Topic("order-adverts", "城市管理局", (
        "{spot}楼道墙上贴满小广告，刚刷白又被贴了。",
    ), "已清除并粉刷，加装公共信息栏。", 3),
    Topic("order-illegal-building", "城市管理局", (
        "{spot}一楼住户在公共绿地上搭阳光房，已经立好架子。",
    ), "已下达整改通知，住户自行拆除并恢复绿地。"),
    Topic("order-dogs", "公安分局", (
        "{spot}有人遛大型犬不牵绳，孩子被吓哭。",
    ), "已上门登记犬证并提醒牵绳，周边设了提示牌。", 3),
    Topic("livelihood-elderly", "民政局", (
        "{spot}一位八十多岁的独居老人最近很少出门，邻居担心没人照应。",
    ), "已上门看望，登记助餐和定期走访，子女也已联系。", 3),
    Topic("livelihood-relief", "民政局", (
        "{spot}一户家庭因病花销大，想了解怎样申请临时救助。",
    ), "已帮助备齐材料并提交，救助金按程序发放。", 2),
    Topic("livelihood-jobs", "人力资源和社会保障局", (
        "{spot}有位居民待业半年，想找离家近的保洁或后厨工作。",
    ), "已推荐两个岗位并陪同面试，现已上岗。"),
    Topic("rental-rental", "公安分局", (
        "{spot}一套房隔成五间出租，线路凌乱，进出人员不固定。",
    ), "已约谈房东拆除隔断，租客信息登记完整。", 3),
    Topic("security-hazard", "公安分局", (
        "{spot}自行车棚连续丢了两辆电动车，监控有死角。",
    ), "已调整监控角度，增加夜间巡逻。"),
    Topic("security-clue", "公安分局", (
        "{spot}附近一间出租屋半夜常有多人进出，怀疑聚众赌博，请不要透露是谁反映的。",
    ), "已依法核查处置，并向反映人保密回告。", 1),
    Topic("policy-policy", "人力资源和社会保障局", (
        "{spot}居民咨询异地就医怎样备案，需要带哪些材料。",
    ), "已当面讲解办理步骤，并协助在手机上办好。", 3),
    Topic("suggestion-suggestion", "住房和城乡建设局", (
        "建议在{spot}旁空地加几张长椅，方便老人歇脚。",
    ), "已列入网格议事清单，长椅安装到位。"),
    Topic("other-utilities", "供水公司", (
        "{spot}早上起就没水，物业电话打不通。",
    ), "抢修水管后恢复供水，已逐户告知。", 2),
)  # fmt: skip

# Short replies the stories choose from.
CALL_NOTES = (
    "网格协调两次未果，需要职能部门到场处理。",
    "涉及多个部门职责，请上级统筹。",
    "已现场核实，网格没有执法权限。",
)
WHISTLE_NOTES = ("请牵头单位到场，会同社区现场处置。", "群众反映集中，请各单位限时到场。")
ASSIGN_NOTES = ("请尽快核查处理，并联系反映人。", "请按时限办理，处理后上传照片。")
CONTACT_NOTES = ("已电话联系反映人，约好现场查看时间。", "已当面听取反映人意见。")
FAIL_NOTES = ("现场复查仍未处理到位，请继续办理。", "反映人不认可，部分问题还在。")
URGE_NOTES = ("临近期限，请抓紧办理。", "反映人再次来电，请尽快反馈进展。")
