"""The national system 全国志愿服务信息系统: its field codes, as far as they were read."""
