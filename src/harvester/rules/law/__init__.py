"""Law as dated data: periods of time, procedures, mechanisms and the yearly calendar."""
