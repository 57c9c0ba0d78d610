"""What a shared record is: values and pure functions, no I/O, no clock, no framework."""
