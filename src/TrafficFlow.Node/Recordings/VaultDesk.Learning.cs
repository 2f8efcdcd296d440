using System.Globalization;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Recordings;

/// <summary>Frames for training and evaluation: which segments, approved and in the ledger of copies before the first picture is given.</summary>
internal sealed partial class VaultDesk
{
    /// <summary>Of a set of learning data: frames are many.</summary>
    private const int MostSegments = 1440;

    /// <returns>The entry of the ledger and until when it may be kept; then each segment, of which only whole and cut ones are named.</returns>
    private List<string> Learn(VaultRequest request, Principal by)
    {
        var scope = request.Scope.Checked();
        if (scope.Site is not { } site) throw new FormatException("of which site? --site SITE: each set is of one site, whose retention holds for it");
        if (vault.WhyEnded(site) is { } why) throw new FormatException($"{why}, and nothing of it is given out any more");
        if (string.IsNullOrWhiteSpace(request.Path)) throw new FormatException("where to? --out FOLDER");
        var segments = vault.Recorded.List(site, scope.Camera, scope.From, scope.To).Where(s => s.State is SegmentState.Whole or SegmentState.Cut).ToList();
        if (segments.Count == 0) throw new FormatException($"nothing of {scope} is recorded: trafficflow vault list shows what there is");
        if (segments.Count > MostSegments) throw new FormatException($"{segments.Count} segments are more than the {MostSegments} of one set: bound the time with --from and --to");
        // The source that ends first is the measure: no picture may outlive its own segment.
        var (until, _) = Ending(segments, null);
        var exact = scope with { From = segments.Min(s => s.From), To = segments.Max(s => s.Until(vault.Options.Longest)) };
        var copy = vault.Copies.Add(CopyKind.Learning, exact, by.Name, $"frames in clear for training and evaluation, {request.Path}", until);
        return [string.Create(CultureInfo.InvariantCulture, $"{copy.Id}\t{until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"), .. segments.Select(s => s.Place.ToString())];
    }
}
