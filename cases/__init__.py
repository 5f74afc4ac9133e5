"""事项: intake, dispatch, 吹哨报到, clocks, 销号, 回访."""
