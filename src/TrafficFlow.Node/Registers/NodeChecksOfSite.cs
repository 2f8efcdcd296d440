using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Server.Health;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Node.Registers;

/// <summary>
/// What the health board knows of a site, as an inspection asks for it: clocks, disks, whether disks and links are encrypted, and whether each camera still looks at the calibrated scene, on which its masks lie. Each node tells
/// of itself, so that it is the disk at the roadside, too.
/// </summary>
/// <param name="health">Null while there is no health board.</param>
/// <param name="others">What else looks by itself, as at the height of plates.</param>
internal sealed class NodeChecksOfSite(Func<IHealthQuery?> health, IReadOnlyList<IProgramChecks> others, TimeProvider time) : IProgramChecks
{
    private const long LowDisk = 500_000_000;
    private const double Gigabyte = 1e9;
    private const int LongestTarget = 120;
    private const int LongestFigure = 300;
    private const string NotTold = "not told by this node: it has not looked yet, or is of an older version";

    // Reports may be under way for seconds.
    private static readonly TimeSpan s_clockBound = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<ProgramCheck>> LookAsync(string site, CancellationToken cancellation)
    {
        if (!NameRule.IsChosen(site)) return [];
        var seen = new List<ProgramCheck>();
        if (health() is { } board && await board.ReadAsync(null, cancellation) is { } overview)
            seen.AddRange(overview.Nodes.Where(n => n.Report.Sites.Contains(new SiteId(site)) || ProtectionOf(n, site).Any()).SelectMany(n => Of(overview, n, site)));
        foreach (var other in others) seen.AddRange(await other.LookAsync(site, cancellation));
        return [.. seen.OrderBy(c => c.Item).ThenBy(c => c.Target, StringComparer.Ordinal)];
    }

    private IEnumerable<ProgramCheck> Of(HealthOverview overview, KnownNode node, string site)
    {
        var (report, at) = (node.Report, node.ReceivedAt);
        if (overview.IsSilent(node))
        {
            yield return new ProgramCheck(InspectionItem.Clock, report.ShortName, CheckVerdict.Unknown, "the node does not report", time.GetUtcNow());
            yield return new ProgramCheck(InspectionItem.DiskEncryption, report.ShortName, CheckVerdict.Unknown, "the node does not report", time.GetUtcNow());
            foreach (var camera in ProtectionOf(node, site).Where(p => p.Kind == ProtectionKind.Link).Select(p => PlainText.Of(p.Target, LongestTarget)).Concat(ProtectionOf(node, site).Any() ? [] : CamerasOf(node, site)))
                yield return new ProgramCheck(InspectionItem.LinkEncryption, camera, CheckVerdict.Unknown, "the node does not report", time.GetUtcNow());
            yield break;
        }

        yield return report.ClockOffset is { } off
            ? new ProgramCheck(InspectionItem.Clock, report.ShortName, off.Duration() < s_clockBound ? CheckVerdict.Good : CheckVerdict.Bad, string.Create(CultureInfo.InvariantCulture, $"{off.TotalSeconds:+0.0;-0.0;0.0} s"), at)
            : new ProgramCheck(InspectionItem.Clock, report.ShortName, CheckVerdict.Unknown, "not measured", at);
        foreach (var disk in report.Disks.IsDefault ? [] : report.Disks)
        {
            yield return new ProgramCheck(
                InspectionItem.FreeSpace, $"{report.ShortName} {disk.Path}", disk.FreeBytes >= LowDisk ? CheckVerdict.Good : CheckVerdict.Bad,
                string.Create(CultureInfo.InvariantCulture, $"{disk.FreeBytes / Gigabyte:0.0} GB of {disk.TotalBytes / Gigabyte:0} GB"), at);
        }

        foreach (var found in ProtectionOf(node, site))
        {
            var check = Of(found, report, at);
            // A certificate of the whole site lets a node name any camera of it.
            var owner = found.Kind == ProtectionKind.Link && !CamerasOf(node, site).Contains(found.Target) ? overview.Nodes.FirstOrDefault(n => n != node && CamerasOf(n, site).Contains(found.Target)) : null;
            yield return owner is null ? check : check with { Verdict = CheckVerdict.Unknown, Figure = $"told by {report.ShortName}, and the camera is of {owner.Report.ShortName}" };
        }

        // A camera whose pictures cross no network has no link: of a node that tells of its disk, nothing is missing.
        if (!ProtectionOf(node, site).Any(p => p.Kind == ProtectionKind.Disk))
        {
            yield return new ProgramCheck(InspectionItem.DiskEncryption, report.ShortName, CheckVerdict.Unknown, NotTold, at);
            foreach (var camera in CamerasOf(node, site).Where(c => !ProtectionOf(node, site).Any(p => p.Kind == ProtectionKind.Link && p.Target == c)))
                yield return new ProgramCheck(InspectionItem.LinkEncryption, camera, CheckVerdict.Unknown, NotTold, at);
        }

        foreach (var camera in report.Cameras.Where(c => c.Status.Site.Value == site && c.Status.Junction is null))
        {
            yield return new ProgramCheck(InspectionItem.Masks, camera.Status.Camera.Value, VerdictOf(camera.Status.Scene), camera.Status.Scene.ToString().ToLowerInvariant(), at);
        }
    }

    private static IEnumerable<string> CamerasOf(KnownNode node, string site) =>
        node.Report.Cameras.IsDefault ? [] : node.Report.Cameras.Where(c => c.Status.Site.Value == site && c.Status.Junction is null).Select(c => c.Status.Camera.Value);

    private static IEnumerable<ProtectionReport> ProtectionOf(KnownNode node, string site) => node.Report.Protection.IsDefault ? [] : node.Report.Protection.Where(p => p.Site.Value == site);

    private static ProgramCheck Of(ProtectionReport found, NodeReport report, DateTimeOffset at)
    {
        var verdict = found.IsMet switch { true => CheckVerdict.Good, false => CheckVerdict.Bad, null => CheckVerdict.Unknown };
        return found.Kind == ProtectionKind.Disk
            ? new ProgramCheck(InspectionItem.DiskEncryption, $"{report.ShortName} {PlainText.Of(found.Target, LongestTarget)}", verdict, PlainText.Of(found.Text, LongestFigure), at)
            : new ProgramCheck(InspectionItem.LinkEncryption, PlainText.Of(found.Target, LongestTarget), verdict, PlainText.Of(found.Text, LongestFigure), at);
    }

    /// <summary>Masks are right where the scene is the calibrated one. What cannot be seen now is looked at by a person.</summary>
    private static CheckVerdict VerdictOf(SceneState scene) => scene switch
    {
        SceneState.InPlace or SceneState.Swaying => CheckVerdict.Good,
        SceneState.Moved or SceneState.Elsewhere => CheckVerdict.Bad,
        _ => CheckVerdict.Unknown,
    };
}
