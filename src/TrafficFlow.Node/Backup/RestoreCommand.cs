using System.CommandLine;

namespace TrafficFlow.Node.Backup;

/// <summary>`trafficflow restore`: puts a backup onto an empty machine.</summary>
public static class RestoreCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A folder that trafficflow backup wrote." };
        var data = new Option<string>("--data") { Description = "The data folder to fill, which must be empty or not there.", HelpName = "DIR", Required = true };
        var settings = new Option<string?>("--settings") { Description = "Where settings, site files and certificates go. [default: they stay in the backup]", HelpName = "DIR" };
        var check = new Option<bool>("--check") { Description = "Only look whether the backup is whole; nothing is written." };
        var command = new Verb(
            "restore",
            "Puts a backup into an empty data folder, from which a node then counts on.",
            "trafficflow restore /backup/monday --data /var/lib/trafficflow --settings /etc/trafficflow",
            "trafficflow restore /mnt/usb/cabinet --data /var/lib/trafficflow --check")
        {
            folder, data, settings, check,
        };
        command.Details =
        [
            "Restore one backup on one machine only, and never start the machine that it replaces again: two nodes that both",
            "are camera cam1 count every vehicle twice, and no server can tell their counts from those of a camera that restarted.",
            "Files that are in the settings folder already are kept, and told.",
        ];
        command.SetAction((p, cancellation) => new RestoreJob(
            Path.GetFullPath(p.GetRequiredValue(folder)), Path.GetFullPath(p.GetRequiredValue(data)),
            p.GetValue(settings) is { } place ? Path.GetFullPath(place) : null, p.GetValue(check), TimeProvider.System).RunAsync(cancellation));
        return command;
    }
}
