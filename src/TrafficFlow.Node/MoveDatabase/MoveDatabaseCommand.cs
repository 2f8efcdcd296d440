using System.CommandLine;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>`trafficflow move-database`: a stopped node's counts from its SQLite files to PostgreSQL.</summary>
public static class MoveDatabaseCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The node's settings, with which it counts in SQLite.", HelpName = "FILE", Required = true };
        var to = new Option<string>("--to")
        {
            Description = "Where to: a connection as in trafficflow.node.journal, without a password, or a settings file of this node that names it.",
            HelpName = "TARGET",
            Required = true,
        };
        var password = new Option<string?>("--password-file") { Description = "Its first line is the password. [default: none, for a server that asks for none]", HelpName = "FILE" };
        var newConfig = new Option<string?>("--new-config") { Description = "Write a copy of the settings that names the new database, beside them.", HelpName = "FILE" };
        var check = new Option<bool>("--check") { Description = "Only look, also while the node runs; nothing is changed. Exit code 1 where something is missing." };
        var command = new Verb(
            "move-database",
            "Moves what a stopped node counted from its SQLite files to a PostgreSQL database, where it counts on.",
            "trafficflow move-database --config server.conf --to 'Host=db.example;Database=trafficflow;Username=trafficflow' --password-file db.password --check",
            "trafficflow move-database --config server.conf --to new.conf")
        {
            config, to, password, newConfig, check,
        };
        command.Details =
        [
            "Journal, snapshots and read tables come whole or not at all, and are read back and compared before they are kept.",
            "Outboxes and pictures of the data folder stay where they are. The old files get other names and stay too.",
            "Broken off, the same command carries it to its end; until then no node of this data folder starts in PostgreSQL.",
            "Steps, and the way back: deploy/RUNBOOKS.md.",
        ];
        command.SetAction((p, cancellation) =>
        {
            var options = MoveOptions.Read(p.GetRequiredValue(config), p.GetRequiredValue(to), p.GetValue(password), p.GetValue(newConfig));
            return p.GetValue(check)
                ? new MoveCheck(options, Console.Out, Console.Error, TimeProvider.System).RunAsync(cancellation)
                : new MoveJob(options, Console.Out, Console.Error, TimeProvider.System).RunAsync(cancellation);
        });
        return command;
    }
}
