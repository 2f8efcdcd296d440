using System.CommandLine;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Node.Export;

namespace TrafficFlow.Node.Analyse;

/// <summary>`trafficflow analyse`: why a junction is congested, and what would help.</summary>
public static class AnalyseCommand
{
    public static Command Create()
    {
        var site = new Option<string?>("--site") { Description = "The intersection, by its id; with --config.", HelpName = "ID" };
        var config = new Option<string?>("--config") { Description = "The server's node file, which names its database and its site files.", HelpName = "FILE" };
        var trajectories = new Option<string[]>("--trajectories") { Description = "Recorded trajectories (TrajID;x;y;Time) instead of a server: files of 15 minutes each, or their folder; with --site-file.", HelpName = "FILES", AllowMultipleArgumentsPerToken = true };
        var siteFile = new Option<string?>("--site-file") { Description = "The site file whose gates lie on the ground in the trajectories' metres.", HelpName = "FILE" };
        var (from, to) = (ExportInterval.FromOption(), ExportInterval.ToOption());
        var output = new Option<string?>("--out") { Description = "A folder for study.json and the report (report.html, report.pdf), which must hold none of them. [default: nothing is written]", HelpName = "DIR" };
        var log = new Option<string?>("--controller-log") { Description = "What the signal controller noted (CSV with event codes, as of ATSPM); with --controller-phases.", HelpName = "CSV" };
        var phases = new Option<string?>("--controller-phases") { Description = "What each of its phases serves: 2=north,6=south,1=north:west. Exits after a colon, joined by +.", HelpName = "LIST" };
        var device = new Option<string?>("--controller-device") { Description = "Which controller of a log with several.", HelpName = "ID" };
        var profile = new Option<string>("--profile")
        {
            Description = $"Whose limits call it congested: {string.Join(", ", CongestionProfile.All.Select(p => p.Name))}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => CongestionProfile.JarticOrdinary.Name,
        };
        profile.CompletionSources.Add([.. CongestionProfile.All.Select(p => p.Name)]);
        var noSimulator = new Option<bool>("--no-simulator") { Description = "Does not try proposals in SUMO, which takes minutes." };
        var solvers = new Option<string[]>("--solver")
        {
            Description = "Searches the greens with this solver too, beside the exact answer: annealing, tempering, tabu, cp-sat, or one of trafficflow.analysis.solvers. Several times for several.",
            HelpName = "NAME",
        };
        var json = new Option<bool>("--json") { Description = "Prints the study as JSON instead of explaining it." };
        var study = new Option<string?>("--study") { Description = "A study.json that was made before, to be explained or printed again, such as in another language.", HelpName = "FILE" };
        var language = new Option<string>("--language") { Description = "en or ja.", HelpName = "LANGUAGE", DefaultValueFactory = _ => "en" };
        var command = new Verb(
            "analyse",
            "Tells why a junction is congested, what its signals do, and which timing would help, from a server's read tables or from recorded trajectories.",
            "trafficflow analyse --site kokandori --from 2026-04-06 --to 2026-04-12 --config hocon/server.conf",
            "trafficflow analyse --site kokandori --from 2026-04-06T07:00 --to 2026-04-06T09:00 --no-simulator --out study --config server.conf",
            "trafficflow analyse --trajectories recorded/ --site-file radeberg.conf --no-simulator")
        {
            site, config, trajectories, siteFile, study, from, to, output, log, phases, device, profile, noSimulator, solvers, json, language,
        };
        command.Details =
        [
            "It reads the journeys over the junction and says: levels and events of congestion, the signals as the discharge at the",
            "stop lines tells them (or a controller's log, whose clock it finds), saturation flows, flow ratios (需要率), degrees of",
            "saturation and split failures per movement, causes, and a timing for each plan that is never worse than today's or",
            "Webster's. With Debian's package sumo a proposal is tried on 20 days of simulated traffic first, calibrated to the",
            "measured delays. What cannot be said is listed, with the reason. All figures and study.json: deploy/ANALYSIS.md.",
            "A running node makes one each week: trafficflow.analysis in its settings (common.conf explains it).",
        ];
        command.SetAction((p, cancellation) => new AnalyseJob(
            new AnalyseInput(p.GetValue(site), p.GetValue(config), p.GetValue(trajectories) ?? [], p.GetValue(siteFile), p.GetValue(from), p.GetValue(to)) { Study = p.GetValue(study), Solvers = p.GetValue(solvers) ?? [] },
            p.GetValue(output), p.GetValue(log), p.GetValue(phases), p.GetValue(device), p.GetValue(profile)!, !p.GetValue(noSimulator), p.GetValue(json), p.GetValue(language)!, TimeProvider.System).RunAsync(cancellation));
        return command;
    }
}
