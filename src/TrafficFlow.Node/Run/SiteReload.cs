using Akka.Actor;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.Run;

/// <summary>
/// `trafficflow ctl site reload`: reads the site files again and touches only what changed in them. Files that cannot be used change
/// nothing.
/// </summary>
internal static class SiteReload
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    public static async Task<OperatorReply> RunAsync(
        NodeDefinition node, SiteRegistry book, VehicleDetectorFactory detectors, NodeSystems systems, CancellationToken cancellation)
    {
        IReadOnlyList<SiteSettings> files;
        try
        {
            files = node.ReadSites();
        }
        catch (SettingsException wrong)
        {
            return new CommandFailed(
                $"nothing was changed, the settings have {wrong.Problems.Count} problems: {string.Join("; ", wrong.Problems)}", "mend the files and reload again");
        }

        var before = book.Sites;
        var sites = files.Select(f => f.Site).ToList();
        // What refuses a start refuses a reload, else a file that may not be started with is put in force by one.
        if (await RequirementWatch.WhyRefusedAsync(node.CustodyLook, sites, cancellation) is { } refused)
            return new CommandFailed($"nothing was changed, this node may not run like that: {refused}", "mend the site file as it says, and reload again");

        try
        {
            if (node.IsRoadside) detectors.Use(files);
        }
        catch (Core.Detection.DetectorException wrong)
        {
            return new CommandFailed($"nothing was changed: {wrong.Message}", "mend the detector and reload again");
        }

        if (node.IsRoadside) OutboxJournal.Remember(node.DataDirectory, sites);
        book.Replace(sites, systems.Cluster);
        systems.Use(files);
        if (await TellCamerasAsync(node, systems, sites, cancellation) is not { } used)
        {
            return new CommandFailed(
                $"the new site files are in force, but the cameras have not answered within {AnswerWithin.TotalSeconds:0} s",
                "look at camera list and into the node's log");
        }

        var changes = used.Added.Select(c => (c, "added")).Concat(used.Changed.Select(c => (c, "started anew"))).Concat(used.Removed.Select(c => (c, "removed")));
        return new InspectionTables(
            InspectionTable.Of(
                "sites", [new("site"), new("hash before"), new("hash now")],
                sites.Select(s => new object?[] { s.Id.Value, before.FirstOrDefault(b => b.Id == s.Id)?.Hash, s.Hash })),
            InspectionTable.Of(
                "cameras", [new("camera"), new("done")], changes.Select(c => new object?[] { c.c.Value, c.Item2 }),
                "cameras that are not named here go on without a frame lost", "reload every node that has these site files: roadside and servers"));
    }

    /// <summary>Null where they do not answer.</summary>
    private static async Task<SitesApplied?> TellCamerasAsync(
        NodeDefinition node, NodeSystems systems, IReadOnlyList<Core.Sites.Site> sites, CancellationToken cancellation)
    {
        if (!node.IsRoadside) return new SitesApplied([], [], []);
        try
        {
            return await systems.RoadsideRegistry.Get<CamerasActor>().Ask<SitesApplied>(new ApplySites(sites), AnswerWithin, cancellation);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
