using System.CommandLine;

namespace TrafficFlow.Node.Init;

/// <param name="Site">Name for people; null asks for it.</param>
/// <param name="TimeZone">IANA name; null asks for it, or takes this machine's.</param>
/// <param name="Cameras">NAME=ADDRESS, or an address alone; none asks for them.</param>
/// <param name="WatchSeconds">For which each camera is looked at for streams of vehicles.</param>
/// <param name="Tries">Whether cameras are opened at all.</param>
/// <param name="Config">Settings with detectors; null for what came with the program.</param>
internal sealed record InitOptions(
    string Folder, string? Site, string? TimeZone, IReadOnlyList<string> Cameras, double WatchSeconds, bool Tries, string? Config)
{
    public bool MayAsk { get; } = !Console.IsInputRedirected && !Console.IsOutputRedirected;
}

/// <summary>`trafficflow init`: from camera addresses to a node that runs.</summary>
public static class InitCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Folder to be made: it holds settings, site, pictures and data of the node." };
        var site = new Option<string?>("--site") { Description = "Name of the place, for people. Asked for where it is not given.", HelpName = "NAME" };
        var zone = new Option<string?>("--time-zone") { Description = "IANA name of its time zone, for example Europe/Berlin. Asked for; without a terminal this machine's.", HelpName = "ZONE" };
        var camera = new Option<string[]>("--camera") { Description = "A camera's name and address; once for each. A password in it goes to a file of its own. Asked for where none is given.", HelpName = "NAME=ADDRESS", DefaultValueFactory = _ => [] };
        var watch = new Option<double>("--watch") { Description = "Seconds for which each camera is watched, to lay gates where vehicles pass; 10 to 3600.", HelpName = "SECONDS", DefaultValueFactory = _ => 60 };
        var untried = new Option<bool>("--no-try") { Description = "Do not open the cameras: no picture, and no gates." };
        var config = new Option<string?>("--config") { Description = "Settings with detectors of your own.", HelpName = "FILE" };
        var command = new Verb(
            "init",
            "Makes a folder with all that a node needs for your cameras: each is tried, its picture taken, and gates are proposed.",
            "trafficflow init mystreet",
            "trafficflow init mystreet --site \"My street\" --time-zone Europe/Berlin --camera cam1=rtsp://viewer:secret@192.168.1.20/axis-media/media.amp --watch 300")
        {
            folder, site, zone, camera, watch, untried, config,
        };
        command.Details =
        [
            "Nothing is ever overwritten: DIR must not exist, or be empty; and it is there as a whole or not at all.",
            "Longer --watch, at a busy hour, finds more gates. They can be edited in DIR/sites at any time.",
        ];
        command.SetAction((p, cancellation) =>
        {
            var seconds = p.GetValue(watch);
            if (seconds is not (>= 10 and <= 3600)) throw new UsageException("--watch is from 10 to 3600 seconds");
            return new InitJob(new InitOptions(
                p.GetRequiredValue(folder), p.GetValue(site), p.GetValue(zone), p.GetValue(camera) ?? [], seconds, !p.GetValue(untried), p.GetValue(config))).RunAsync(cancellation);
        });
        return command;
    }
}
