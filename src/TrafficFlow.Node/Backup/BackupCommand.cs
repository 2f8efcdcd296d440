using System.CommandLine;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Backup;

/// <summary>`trafficflow backup`: all that a node would need on another machine, while it runs.</summary>
public static class BackupCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder to write, which must not be there yet. It appears when the backup is whole." };
        var config = new Option<string?>("--config") { Description = "The node's settings file: its data folder, settings, site files, models and certificates are backed up.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "Or its data folder alone. [default: /var/lib/trafficflow, where a node runs there]", HelpName = "DIR" };
        var command = new Verb(
            "backup",
            "Writes all that a node needs on another machine into a folder, while the node runs or after it.",
            "trafficflow backup /backup/monday --config /etc/trafficflow/single.conf",
            "trafficflow backup /mnt/usb/cabinet --data /var/lib/trafficflow")
        {
            folder, config, data,
        };
        command.Details =
        [
            "All databases are copied as they were at one instant: what is restored counts on from there, nothing twice.",
            "Of several nodes back up the roadside nodes first, then the servers: what was sent since is sent again, and known.",
            "A server asks the cameras' outboxes for what it counted after its backup; they keep outbox.keep-accepted entries.",
            "Site files may hold cameras' passwords: the backup is for this account only. Private keys are not in it.",
        ];
        command.SetAction((p, cancellation) =>
        {
            var (file, given) = (p.GetValue(config), p.GetValue(data));
            var source = file is null ? null : NodeSettings.Load(file);
            if (source is not null && given is not null) NodePlace.Find(file, given);
            return new BackupJob(p.GetRequiredValue(folder), source, source?.DataDirectory ?? Path.GetFullPath(NodePlace.Find(null, given)), TimeProvider.System).RunAsync(cancellation);
        });
        return command;
    }
}
