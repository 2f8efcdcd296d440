using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web.Pages.Recordings;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// What requests of the public see of the recordings of this node and of all others of the site: that there are some of a time, and their erasure. A node that did not answer, and a camera that none of those has that did,
/// is told: nobody is answered that nothing was found where nobody has looked.
/// </summary>
/// <param name="sites">In force.</param>
internal sealed class RecordingDesk(ClusterRecordings cluster, Func<IReadOnlyList<Site>> sites) : IRecordedSegments, IErasureDesk
{
    private const int MostPages = 200;

    public async Task<FoundRecordings> OverlappingAsync(string site, ImmutableArray<string> cameras, DateTimeOffset from, DateTimeOffset to, Principal by, CancellationToken cancellation)
    {
        var places = await cluster.PlacesAsync(new SiteId(site), cancellation);
        var asked = new ListRecordings(by, new SiteId(site), [.. cameras.Select(c => new CameraId(c))], from, to);
        var answers = await Task.WhenAll(places.All.Select(async p => (Place: p, Found: await ListAsync(p.Node, asked, cancellation))));
        var found = answers.SelectMany(a => a.Found.Segments
            .Where(s => s.State is SegmentStanding.Whole or SegmentStanding.Cut or SegmentStanding.BeingWritten or SegmentStanding.NotListed)
            .Select(s => new RecordedSegment(s.Camera.Value, s.From, s.Until, s.KeptUntil, s.HeldBecause.Length > 0 ? s.HeldBecause : null, a.Place.IsHere ? "" : a.Place.Node)));
        var unseen = answers.Where(a => a.Found.Why is not null).Select(a => new UnseenRecordings(a.Place.Node, a.Found.Why!, [.. a.Place.Cameras.Select(c => c.Value)])).ToList();
        unseen.AddRange(Uncovered(site, cameras, places, [.. answers.SelectMany(a => a.Found.Cameras)], unseen));
        return new FoundRecordings([.. found.OrderBy(s => s.Camera, StringComparer.Ordinal).ThenBy(s => s.From).ThenBy(s => s.Where, StringComparer.Ordinal)], [.. unseen]);
    }

    public async Task<ErasureAnswer> EraseAsync(ErasureOrder order, RegisterAuthor by, CancellationToken cancellation)
    {
        var places = await cluster.PlacesAsync(new SiteId(order.Site), cancellation);
        var asked = new OrderVault(
            new Principal(by.Name, by.Account), VaultOrder.Erase, new RecordingScope(new SiteId(order.Site), null, order.From, order.To), [.. order.Cameras.Select(c => new CameraId(c))], "", $"request {order.Request}");
        List<(RecordingPlace Place, PlaceAnswer<VaultOrdered> Said)> said = [];
        var waits = await cluster.ApprovedAsync(order.Describe(), asked, async approval =>
        {
            // What was begun is ended, be it that the page was closed.
            var answers = await Task.WhenAll(places.All.Select(async p => (p, await cluster.SendAsync<VaultOrdered>(p.Node, asked with { Approval = approval }, CancellationToken.None))));
            said.AddRange(answers);
            // Of some there is nothing, and the others were not asked, or have done nothing: whoever approved it need not do so again.
            return answers.Any(a => a.Item2.Undone is not null) && answers.All(a => a.Item2.Undone is not null || a.Item2.Answer is { Outcome: VaultOrderOutcome.Nothing }) ? $"nothing was erased: {string.Join("; ", answers.Select(a => a.Item2.Undone).OfType<string>())}" : null;
        });
        if (waits is not null) return new ErasureAnswer(null, string.Join("; ", waits.Lines), IsBegun: false);
        var unseen = said.Where(s => s.Said.Answer is null).Select(s => new UnseenRecordings(s.Place.Node, s.Said.Why ?? "", [.. s.Place.Cameras.Select(c => c.Value)])).ToList();
        var covered = await CoveredAsync(order, asked.By, said, cancellation);
        unseen.AddRange(Uncovered(order.Site, order.Cameras, places, covered, unseen));
        var left = said.Where(s => s.Said.Answer is { Outcome: not (VaultOrderOutcome.Done or VaultOrderOutcome.Nothing) }).Select(s => $"{s.Place.Node}: {string.Join("; ", s.Said.Answer!.Lines)}")
            .Concat(unseen.Select(Told)).ToList();
        List<string> receipts = [.. said.SelectMany(s => s.Said.Answer?.Receipts ?? [])];
        var lines = said.Where(s => s.Said.Answer is { Outcome: VaultOrderOutcome.Done }).SelectMany(s => s.Said.Answer!.Lines.Select(l => s.Place.IsHere ? l : $"{s.Place.Node}: {l}")).ToList();
        if (receipts.Count == 0 && left.Count == 0) lines.Add("nothing of it is recorded at any node of the site");
        return new ErasureAnswer(
            receipts.Count == 0 ? null : string.Join(", ", receipts),
            Short(string.Join("; ", left.Count == 0 ? lines : [.. lines, $"NOT ERASED: {string.Join("; ", left)}"]), RequestRegister.LongestText),
            left.Count == 0 ? null : Short(string.Join("; ", left), LongestLeft));
    }

    private const int LongestLeft = 1_000;

    internal static string Told(UnseenRecordings unseen) => unseen.Where.Length == 0 ? unseen.Why : $"{unseen.Where} was not looked at: {unseen.Why}";

    private static string Short(string text, int most) => text.Length <= most ? text : $"{text[..(most - 1)]}…";

    private async Task<(ImmutableArray<CameraId> Cameras, IReadOnlyList<ListedSegment> Segments, string? Why)> ListAsync(string place, ListRecordings asked, CancellationToken cancellation)
    {
        ImmutableArray<CameraId> cameras = [];
        var segments = new List<ListedSegment>();
        for (var page = 0; page < MostPages; page++)
        {
            var said = await cluster.SendAsync<RecordingsListed>(place, asked, cancellation);
            if (said.Answer is not { } listed) return (cameras, segments, said.Why);
            cameras = listed.Cameras;
            segments.AddRange(listed.Segments);
            if (listed.Next.Length == 0) return (cameras, segments, null);
            asked = asked with { After = listed.Next };
        }

        return (cameras, segments, $"it has more than {segments.Count} segments of this time: ask for a shorter one");
    }

    /// <summary>Cameras of the nodes that did answer.</summary>
    private async Task<ImmutableArray<CameraId>> CoveredAsync(ErasureOrder order, Principal by, List<(RecordingPlace Place, PlaceAnswer<VaultOrdered> Said)> said, CancellationToken cancellation)
    {
        var asked = new ListRecordings(by, new SiteId(order.Site), [], order.From, order.From.AddSeconds(1));
        var answers = await Task.WhenAll(said.Where(s => s.Said.Answer is not null).Select(s => cluster.SendAsync<RecordingsListed>(s.Place.Node, asked, cancellation)));
        return [.. answers.SelectMany(a => a.Answer?.Cameras ?? [])];
    }

    /// <summary>Cameras of the site that belong to no node which answered, nor to one that is known to be away.</summary>
    private IEnumerable<UnseenRecordings> Uncovered(string site, ImmutableArray<string> cameras, RecordingPlaces places, ImmutableArray<CameraId> covered, IReadOnlyList<UnseenRecordings> away)
    {
        if (places.Problem is { } problem) yield return new UnseenRecordings("", problem, []);
        var missing = (sites().FirstOrDefault(s => s.Id.Value == site)?.Cameras.Select(c => c.Id.Value) ?? cameras)
            .Where(c => (cameras.IsEmpty || cameras.Contains(c)) && !covered.Any(k => k.Value == c) && !away.Any(u => u.Cameras.Contains(c))).ToImmutableArray();
        if (missing.Length > 0) yield return new UnseenRecordings("", $"no node that answered has the camera{(missing.Length == 1 ? "" : "s")} {string.Join(", ", missing)}: what its roadside holds was not looked at", missing);
    }
}
