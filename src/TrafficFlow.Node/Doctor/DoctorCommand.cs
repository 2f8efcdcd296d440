using System.CommandLine;
using System.Globalization;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Doctor;

/// <summary>`trafficflow doctor`: one file for support.</summary>
public static class DoctorCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "The node's settings file.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "Or its data folder alone. [default: /var/lib/trafficflow, where a node runs there]", HelpName = "DIR" };
        var output = new Option<string?>("--out") { Description = "The file to write, which must not be there yet. [default: trafficflow-doctor-TIME.zip]", HelpName = "FILE" };
        var command = new Verb(
            "doctor",
            "Collects what support needs to know of a node into one zip file: no picture, no password.",
            "trafficflow doctor --config /etc/trafficflow/single.conf",
            "trafficflow doctor --data /var/lib/trafficflow --out case-17.zip")
        {
            config, data, output,
        };
        command.Details =
        [
            "In it: versions, machine, settings and site files without secrets, the node's health and what ctl shows, tables' sizes,",
            "the names of the files in the data folder, the end of the logs. The node may run or not. Look into it before you send it.",
        ];
        command.SetAction(async (p, cancellation) =>
        {
            var (file, given) = (p.GetValue(config), p.GetValue(data));
            var folder = Path.GetFullPath(NodePlace.Find(file, given));
            var now = TimeProvider.System.GetUtcNow();
            var place = Path.GetFullPath(p.GetValue(output) ?? string.Create(CultureInfo.InvariantCulture, $"trafficflow-doctor-{now:yyyyMMdd-HHmmss}.zip"));
            if (Path.Exists(place) || new FileInfo(place).LinkTarget is not null) throw new UsageException($"--out {place} is there already: remove it, or name another file");
            return await new DoctorJob(file, folder, place).RunAsync(cancellation);
        });
        return command;
    }
}
