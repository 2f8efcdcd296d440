using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Endings;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>What the site files require of disk, way and picture, and what is so.</summary>
internal static class CustodyChecks
{
    private const string MasterName = "master.json";

    public static async Task<IReadOnlyList<Finding>> RunAsync(NodeDefinition node, CancellationToken cancellation)
    {
        var found = await node.CustodyLook.RunAsync([.. node.Sites.Select(s => s.Site)], cancellation);
        // One disk is told once, where all sites ask for the same.
        return [.. found.Select(f => Of(f, node.Sites.Count > 1 && f.Rule != CustodyRule.Link)).DistinctBy(f => (f.State, f.Text)), .. Recording(node, TimeProvider.System.GetUtcNow()), .. LeftRecordings(node.DataDirectory, [.. node.Sites.Select(s => s.Site)])];
    }

    /// <summary>Of sites that record: whether pictures have an end, a vault, and still a reason.</summary>
    internal static IEnumerable<Finding> Recording(NodeDefinition node, DateTimeOffset now)
    {
        var recording = !node.IsRoadside ? [] : node.Sites.Where(s => s.Recording.Values.Any(r => r.Plan.Mode != RecordingMode.Off)).Select(s => s.Site).ToList();
        if (recording.Count == 0) yield break;
        if (!File.Exists(Path.Combine(node.DataDirectory, RecordingVault.FolderName, MasterName))) yield return Finding.Doubtful("recording", "the site file records, and this node has no vault yet, so that nothing is recorded: trafficflow vault init");
        foreach (var site in recording)
        {
            var what = recording.Count > 1 ? $"recording ({site.Id})" : "recording";
            if (site.Custody?.Retention.Pictures.IsLimited != true) yield return Finding.Doubtful(what, "pictures are recorded, and nothing says until when they are kept: set custody.retention.pictures { max-age = 14d }; until then only trafficflow.vault.max-gigabytes bounds them");
            if (RecordingAllowed.LastMoment(site) is { } end && now >= end) yield return Finding.Doubtful(what, $"the last day of the experiment was {site.Custody!.Experiment!.Value.Until:yyyy-MM-dd}: nothing is recorded any more; end it with trafficflow custody end --site {site.Id}");
            if (new EndRegister(node.DataDirectory, Path.Combine(node.DataDirectory, RecordingVault.FolderName), TimeProvider.System) is var ends && EndOf(ends, site) is { } ended)
                yield return Finding.Doubtful(what, ended.Ended is null ? $"the end of the experiment was begun {ended.Began:yyyy-MM-dd HH:mm}Z and cut: give trafficflow custody end once more" : $"the experiment was ended on {ended.Ended:yyyy-MM-dd}: nothing is recorded any more; take recording out of the site file");
        }
    }

    /// <summary>Of sites that the settings do not name, and of which there are recordings: how long these are kept.</summary>
    internal static IEnumerable<Finding> LeftRecordings(string data, IReadOnlyList<Site> sites)
    {
        IReadOnlyList<KeptPolicy> left = [];
        List<SiteId> recorded;
        try
        {
            var folder = Path.Combine(data, RecordingVault.FolderName, "sites");
            recorded = !Directory.Exists(folder) ? [] : [.. Directory.EnumerateDirectories(folder).Where(d => Directory.EnumerateFiles(d, $"*{SegmentPlace.Ending}", SearchOption.AllDirectories).Any())
                .Select(d => new SiteId(Path.GetFileName(d))).Where(id => sites.All(s => s.Id != id)).OrderBy(id => id.Value, StringComparer.Ordinal)];
            if (recorded.Count > 0) left = new PolicyStore(data, () => [.. sites.Select(KeptPolicy.Of)], TimeProvider.System).Left;
        }
        catch (Exception e) when (e is VaultFileException or IOException or UnauthorizedAccessException)
        {
            return [Finding.Doubtful("recordings of other sites", $"nobody knows whether recordings of sites that the settings do not name are kept without an end: {e.Message}")];
        }

        return recorded.Select(site => left.FirstOrDefault(p => p.Site == site.Value)?.Pictures is { IsLimited: true } rule
            ? Finding.Good($"recordings ({site})", $"the settings do not name this site: what is recorded of it is kept as its file said last ({rule})")
            : Finding.Doubtful($"recordings ({site})", PictureRetention.WithoutEnd([site])));
    }

    private static EndState? EndOf(EndRegister ends, Site site)
    {
        try
        {
            return ends.Known.LastOrDefault(e => e.Covers(site.Id));
        }
        catch (VaultFileException)
        {
            // The vault's own line tells it.
            return null;
        }
    }

    private static Finding Of(CustodyFinding found, bool isOfSite)
    {
        var what = isOfSite ? $"{found.What} ({found.Site})" : found.What;
        return found switch
        {
            { RefusesStart: true, IsUnresolved: false } => Finding.Bad(what, found.Text),
            { IsUnmet: true } => Finding.Doubtful(what, found.Text),
            _ => Finding.Good(what, found.Requirement == Requirement.Off && !found.IsMet ? $"{found.Text} (the site file requires nothing here)" : found.Text),
        };
    }
}
