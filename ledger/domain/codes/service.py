"""What a service is: for whom, of which category, with which skill; who organizes it.

The tables are those of the national system's public front end (2022), under words of our own:
its codes stand beside them as ``national``.
"""

from ledger.domain.codes.coded import Coded


class ServiceObject(Coded):
    """Whom a service is for 服务对象 (340号 Art. 6–7; the pilot plan, 三(三))."""

    CHILDREN = "children", "children", "儿童", "01"
    WOMEN = "women", "women", "妇女", "02"
    ELDERLY = "elderly", "elderly people", "老年人", "03"
    DISABLED = "disabled", "people with disabilities", "残障人士", "04"
    ENTITLED = "entitled", "persons entitled to special care", "优抚对象", "05"
    POOR_FAMILIES = "poor_families", "families in poverty", "贫困家庭", "06"
    SPECIAL_GROUPS = "special_groups", "groups in special need", "特殊群体", "07"
    PATIENTS = "patients", "patients", "病患者", "08"
    RURAL_RESIDENTS = "rural_residents", "rural residents", "农村居民", "09"
    URBAN_RESIDENTS = "urban_residents", "urban residents", "城镇居民", "10"
    PUBLIC = "public", "the public", "社会公众", "11"
    TAXPAYERS = "taxpayers", "payers of taxes and fees", "纳税人缴费人", "13"
    OTHER = "other", "others", "其他", "99"


class ServiceCategory(Coded):
    """The category of a service 服务类别 (Order 67, Art. 5)."""

    COMMUNITY = "community", "community service", "社区服务", "0001"
    POVERTY_RELIEF = "poverty_relief", "relief of poverty", "扶贫减贫", "0002"
    TEACHING = "teaching", "teaching and help for pupils", "支教助学", "0003"
    HEALTH = "health", "health", "卫生健康", "0004"
    LEGAL = "legal", "legal service", "法律服务", "0005"
    ENVIRONMENT = "environment", "protection of the environment", "环境保护", "0006"
    SCIENCE = "science", "science and technology", "科技科普", "0007"
    CULTURE = "culture", "culture and arts", "文化艺术", "0008"
    PUBLIC_SAFETY = "public_safety", "public safety", "平安综治", "0009"
    CIVILITY = "civility", "civility", "文明风尚", "0010"
    TRAFFIC = "traffic", "guiding traffic", "交通引导", "0011"
    FIREFIGHTING = "firefighting", "volunteer fire service", "志愿消防", "0012"
    EMERGENCY = "emergency", "emergency rescue", "应急救援", "0013"
    DRUG_PREVENTION = "drug_prevention", "drug prevention", "禁毒宣传", "0014"
    SPORT = "sport", "sport and fitness", "体育健身", "0015"
    TOURISM = "tourism", "service for visitors", "旅游服务", "0016"
    SPECIAL_CARE = "special_care", "care for groups in special need", "关爱特殊群体", "0017"
    LARGE_EVENT = "large_event", "large events", "大型活动", "0018"
    ABROAD = "abroad", "service abroad", "海外志愿服务", "0019"
    TAX = "tax", "tax service", "税收服务", "0020"
    OTHER = "other", "others", "其他", "0099"


class Skill(Coded):
    """A volunteer's skill 专业技能 (Order 67, Art. 5; 340号 Art. 6)."""

    FIRST_AID = "first_aid", "medical first aid", "医疗急救", "01"
    SPORT = "sport", "sport", "体育竞技", "02"
    DRIVING = "driving", "driving and transport", "驾驶运输", "03"
    LAW = "law", "law", "法律服务", "04"
    INFORMATION_TECHNOLOGY = (
        "information_technology",
        "information technology",
        "信息技术",
        "05",
    )
    MANAGEMENT = "management", "management", "经营管理", "06"
    PUBLIC_RELATIONS = "public_relations", "public relations", "公共关系", "07"
    EDUCATION = "education", "education and training", "教育培训", "08"
    APPLIANCE_REPAIR = "appliance_repair", "repair of appliances", "电器维修", "09"
    SECURITY = "security", "security", "安全保卫", "10"
    FINANCE = "finance", "accounting and finance", "财会金融", "11"
    DESIGN = "design", "design", "设计创意", "12"
    RECEPTION = "reception", "reception", "客服接待", "13"
    PROPERTY = "property", "care of buildings", "物业养护", "14"
    JOURNALISM = "journalism", "journalism", "新闻写作", "15"
    FOREIGN_LANGUAGES = "foreign_languages", "foreign languages", "精通外语", "16"
    MUSIC = "music", "music", "音乐", "17"
    COUNSELLING = "counselling", "psychological counselling", "心理咨询", "18"
    NURSING = "nursing", "nursing and care", "护理照护", "19"
    HANDICRAFT = "handicraft", "handicraft", "手工制作", "20"
    ARTS = "arts", "culture and arts", "文化艺术", "21"
    NETWORKS = "networks", "networks", "网络技术", "22"
    PHOTOGRAPHY = "photography", "photography and film", "摄像摄影", "23"
    OTHER = "other", "others", "其他", "99"


class OrganizationCategory(Coded):
    """What kind of body an organization is 组织类别.

    The national table has six codes (02–07) for public institutions, whose names were not
    read: the one here stands for all of them and has no national code.
    """

    GOVERNMENT = "government", "party or government body", "党政机关", "01"
    PUBLIC_INSTITUTION = "public_institution", "public institution", "事业单位"
    MASS_ORGANIZATION = "mass_organization", "mass organization", "群团组织", "08"
    RESIDENTS_COMMITTEE = "residents_committee", "residents' committee", "居委会", "09"
    VILLAGERS_COMMITTEE = "villagers_committee", "villagers' committee", "村委会", "10"
    STATE_ENTERPRISE = "state_enterprise", "state-owned enterprise", "国有企业", "11"
    OTHER_ENTERPRISE = "other_enterprise", "other enterprise", "非国有企业", "12"
    SOCIAL_ASSOCIATION = "social_association", "social association", "社会团体", "13"
    SOCIAL_SERVICE = "social_service", "social service institution", "社会服务机构", "14"
    FOUNDATION = "foundation", "foundation", "基金会", "15"
    SOCIAL_ORGANIZATION = "social_organization", "social organization", "社会组织", "16"
    OTHER = "other", "others", "其他", "99"
