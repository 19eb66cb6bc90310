/* cli: the command line: finds the subcommand, reads its options, runs it. */
#ifndef TAIHU_CLI_CLI_H
#define TAIHU_CLI_CLI_H

/* Runs the program on main()'s arguments; what it returns is the exit status: 0, or 1 when input or
 * the machine failed, or 2 when the command line is wrong. Data goes to stdout, messages to stderr.
 * Ignores SIGPIPE for the process, so that a closed pipe is an error like any other. */
int cli_main(int argc, char *const *argv);

#endif
