using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Recordings;

/// <summary>What the pages of custody see of a node's recordings: that there are some of a time, and their erasure for a request of the public.</summary>
/// <param name="sites">In force: their files say how long pictures are kept.</param>
internal sealed class RecordingDesk(NodeVault node, Func<IReadOnlyList<Site>> sites) : IRecordedSegments, IErasureDesk
{
    public Task<IReadOnlyList<TrafficFlow.Vault.Requests.RecordedSegment>> OverlappingAsync(string site, ImmutableArray<string> cameras, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        Task.Run<IReadOnlyList<TrafficFlow.Vault.Requests.RecordedSegment>>(() => Overlapping(site, cameras, from, to), cancellation);

    public async Task<ErasureAnswer> EraseAsync(ErasureOrder order, RegisterAuthor by, CancellationToken cancellation)
    {
        if (node.Desk is not { } desk) return new ErasureAnswer(null, node.Problem ?? "the vault is not there yet: the node is starting");
        List<VaultRequest> parts = [.. (order.Cameras.IsEmpty ? [null] : order.Cameras.Cast<string?>()).Select(camera => new VaultRequest("erase") { Site = order.Site, Camera = camera, From = order.From, To = order.To, Reason = $"request {order.Request}" })];
        var (receipts, answer) = await desk.EraseAsync(order.Describe(), parts, new Principal(by.Name, by.Account));
        return new ErasureAnswer(receipts.Count == 0 ? null : string.Join(", ", receipts), string.Join("; ", answer.Lines));
    }

    private List<TrafficFlow.Vault.Requests.RecordedSegment> Overlapping(string site, ImmutableArray<string> cameras, DateTimeOffset from, DateTimeOffset to)
    {
        if (node.Vault is not { } vault) return [];
        var setup = sites().FirstOrDefault(s => s.Id.Value == site);
        var kept = setup?.Custody?.Retention.Pictures;
        var found = new List<TrafficFlow.Vault.Requests.RecordedSegment>();
        foreach (var segment in vault.Recorded.List(new SiteId(site), from: from, to: to).Where(s => s.State is SegmentState.Whole or SegmentState.Cut or SegmentState.Open && (cameras.IsEmpty || cameras.Contains(s.Place.Camera.Value))))
        {
            var until = segment.Until(vault.Options.Longest);
            var hold = vault.Holds.Meeting(new TrafficFlow.Vault.Erasure.EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, until));
            found.Add(new TrafficFlow.Vault.Requests.RecordedSegment(segment.Place.Camera.Value, segment.From, until, kept?.EndOf(until, setup!.TimeZone), hold is [var first, ..] ? first.Reason : null));
        }

        return found;
    }
}
