"""Volunteers 志愿: teams, the three lists 需求/资源/项目, activities, hours and points."""
