using TrafficFlow.Core.Detection;
using TrafficFlow.Node.Detectors;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>
/// Tries all that a node will need, as far as it has the roles for it, and changes nothing: the node may run meanwhile. What takes long is tried at once.
/// </summary>
internal sealed class NodePreflight(NodeDefinition node, TimeProvider time)
{
    /// <returns>In the order in which they are to be read.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        List<Task<IReadOnlyList<Finding>>> tries =
        [
            Task.FromResult<IReadOnlyList<Finding>>([SettingsFinding(), .. MachineChecks.Clock(node, time), .. MachineChecks.TimeZones(node, time), .. StorageChecks.Folder(node)]),
            StorageChecks.DatabasesAsync(node, cancellation),
            PeerChecks.RunAsync(node, time, cancellation),
            CustodyChecks.RunAsync(node, cancellation),
            MonitoringChecks.RunAsync(node, cancellation),
            Task.FromResult<IReadOnlyList<Finding>>([.. SubscriptionChecks.Run(node, time), .. PageChecks.Run(node, time), .. ReportChecks.Run(node), .. AnalysisChecks.Run(node)]),
            FeedChecks.RunAsync(node, cancellation),
            Task.Run(Detectors, cancellation),
        ];
        if (node.IsRoadside) tries.Add(CameraChecks.RunAsync(node, time, cancellation));
        return [.. (await Task.WhenAll(tries)).SelectMany(f => f)];
    }

    private Finding SettingsFinding()
    {
        var text = $"{(node.Sites.Count == 1 ? "site" : "sites")} {(node.Sites.Count == 0 ? "none" : string.Join(", ", node.Sites.Select(s => s.Site.Id)))}, {node.Cameras.Count} cameras, roles {string.Join(", ", node.Membership.Roles)}";
        return node.Notes.Count == 0 ? Finding.Good("settings", text) : Finding.Doubtful("settings", $"{text}; {string.Join("; ", node.Notes)}");
    }

    private IReadOnlyList<Finding> Detectors()
    {
        if (!node.IsRoadside) return [];
        try
        {
            using var detectors = new VehicleDetectorFactory(node.Sites);
            var notes = detectors.Notes.ToList();
            if (SandboxNotice.For(node.Cameras.Select(c => c.Source)) is { } notice) notes.Add(notice);
            var names = string.Join(", ", node.Sites.SelectMany(s => s.Site.Cameras.Select(c => s.Detectors.Resolve(c.Detector).Name)).Distinct());
            return [notes.Count == 0 ? Finding.Good("detectors", $"{names}: loaded and tried") : Finding.Doubtful("detectors", $"{names}: {string.Join("; ", notes)}")];
        }
        catch (Exception e) when (e is DetectorException || MissingLibraryText(e) is not null)
        {
            return [Finding.Bad("detectors", MissingLibraryText(e) ?? e.Message)];
        }
    }

    private static string? MissingLibraryText(Exception e) => Vision.MissingLibrary.Describe(e);
}
