using TrafficFlow.Core.Recounting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>
/// Counts again for all pages: what was seen is looked at once in a while for a site, and each content of the site is counted once from it, whoever asks. Counting comes first:
/// of many who draw, one is served at a time. Thread-safe.
/// </summary>
internal sealed class SharedRecounts(Func<CameraId, SeenFrames?> seen, TimeProvider time)
{
    /// <summary>Pages ask each 20 s, and behind each step.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<SiteId, Look> _looks = [];

    /// <param name="Seen">All that is counted beside each other is counted from the same.</param>
    private sealed record Look(string Cameras, IReadOnlyList<SeenFrames> Seen)
    {
        public Dictionary<string, SiteRecount> Counted { get; } = new(StringComparer.Ordinal);
    }

    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public async Task RecountAsync(IReadOnlyList<Site> sites, Action<int, SiteRecount> done, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await Task.Run(() => Recount(sites, done, cancellation), cancellation).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    private void Recount(IReadOnlyList<Site> sites, Action<int, SiteRecount> done, CancellationToken cancellation)
    {
        var look = LookAt(sites[0]);
        for (var i = 0; i < sites.Count; i++)
        {
            // The hash holds all that counting depends on.
            if (!look.Counted.TryGetValue(sites[i].Hash, out var recount)) look.Counted[sites[i].Hash] = recount = SiteRecount.Of(sites[i], look.Seen, cancellation);
            done(i, recount);
        }
    }

    private Look LookAt(Site site)
    {
        var cameras = string.Join(' ', site.Cameras.Select(c => c.Id));
        lock (_gate)
        {
            if (_looks.TryGetValue(site.Id, out var last) && last.Cameras == cameras) return last;
            var look = new Look(cameras, [.. site.Cameras.Select(c => seen(c.Id)).OfType<SeenFrames>()]);
            // Nothing seen is nothing to share: the next one may find more.
            if (look.Seen.Count == 0) return look;
            _looks[site.Id] = look;
            _ = ForgetAsync(site.Id, look);
            return look;
        }
    }

    private async Task ForgetAsync(SiteId site, Look look)
    {
        await Task.Delay(Kept, time).ConfigureAwait(false);
        lock (_gate)
        {
            if (_looks.GetValueOrDefault(site) == look) _looks.Remove(site);
        }
    }
}
