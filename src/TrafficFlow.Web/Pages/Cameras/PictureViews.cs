using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;

namespace TrafficFlow.Web.Pages.Cameras;

/// <summary>Who looks at which camera. A look is one view, however many pictures it takes: it ends when nobody has asked for a minute, and after half an hour. Bounded; thread-safe.</summary>
public sealed class PictureViews(TimeProvider time)
{
    public static readonly TimeSpan EndsAfter = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Reader, SiteId Site, CameraId Camera), View> _open = [];

    /// <param name="Recorded">Whether it stands in the audit: all its pictures wait for that.</param>
    private sealed record View(long BeganAt, long AskedAt, Task<bool> Recorded);

    /// <param name="record">Asked where a view begins with this picture.</param>
    /// <returns>Whether the view is recorded; where it could not be, the next picture tries again.</returns>
    public async Task<bool> IsRecordedAsync(string reader, SiteId site, CameraId camera, Func<Task<bool>> record)
    {
        var key = (reader, site, camera);
        Task<bool> recorded;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_open.TryGetValue(key, out var view) && time.GetElapsedTime(view.AskedAt, now) < EndsAfter && time.GetElapsedTime(view.BeganAt, now) < Longest)
            {
                _open[key] = view with { AskedAt = now };
                recorded = view.Recorded;
            }
            else
            {
                if (_open.Count >= Most) Forget(now);
                // Not here: the audit waits for a disk, and everybody else who looks would wait with it.
                recorded = Task.Run(record);
                // Beyond it each picture is a view of its own: too many records, and none too few.
                if (_open.Count < Most || _open.ContainsKey(key)) _open[key] = new View(now, now, recorded);
            }
        }

        var isRecorded = false;
        try
        {
            isRecorded = await recorded;
        }
        finally
        {
            lock (_gate)
            {
                if (!isRecorded && _open.TryGetValue(key, out var view) && view.Recorded == recorded) _open.Remove(key);
            }
        }

        return isRecorded;
    }

    /// <summary>Records who looks, once for each view, before anything goes out.</summary>
    /// <param name="details">What else is looked at apart from others.</param>
    /// <returns>False where that could not be, which was answered.</returns>
    internal async Task<bool> IsRecordedAsync(WebPorts ports, HttpContext context, AuditKind kind, string what, SiteId site, CameraId camera, string? details = null)
    {
        var caller = context.Features.Get<Caller>()!;
        var reader = $"{caller.CheckedBy}:{caller.Name}:{what}:{details}";
        if (await IsRecordedAsync(reader, site, camera, () => ports.Record(CallerAudit.Of(caller, kind, what, $"{site}/{camera}", details)))) return true;
        await CallerAudit.NotRecorded.WriteAsync(context);
        return false;
    }

    private void Forget(long now)
    {
        foreach (var ended in _open.Where(v => time.GetElapsedTime(v.Value.AskedAt, now) >= EndsAfter).Select(v => v.Key).ToList()) _open.Remove(ended);
    }
}
