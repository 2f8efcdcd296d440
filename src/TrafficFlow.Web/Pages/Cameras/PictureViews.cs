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
    private readonly Dictionary<(string Reader, SiteId Site, CameraId Camera), (long BeganAt, long AskedAt)> _open = [];

    /// <returns>Whether a view begins with this picture, and is to be recorded.</returns>
    public bool Begins(string reader, SiteId site, CameraId camera)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            var key = (reader, site, camera);
            if (_open.TryGetValue(key, out var view) && time.GetElapsedTime(view.AskedAt, now) < EndsAfter && time.GetElapsedTime(view.BeganAt, now) < Longest)
            {
                _open[key] = view with { AskedAt = now };
                return false;
            }

            if (_open.Count >= Most) Forget(now);
            // Beyond it each picture is a view of its own: too many records, and none too few.
            if (_open.Count < Most || _open.ContainsKey(key)) _open[key] = (now, now);
            return true;
        }
    }

    /// <summary>It was none: it could not be recorded.</summary>
    public void End(string reader, SiteId site, CameraId camera)
    {
        lock (_gate) _open.Remove((reader, site, camera));
    }

    /// <summary>Records who looks, once for each view, before anything goes out.</summary>
    /// <param name="details">What else is looked at apart from others.</param>
    /// <returns>False where that could not be, which was answered.</returns>
    internal async Task<bool> IsRecordedAsync(WebPorts ports, HttpContext context, AuditKind kind, string what, SiteId site, CameraId camera, string? details = null)
    {
        var caller = context.Features.Get<Caller>()!;
        var reader = $"{caller.CheckedBy}:{caller.Name}:{what}:{details}";
        if (!Begins(reader, site, camera) || await ports.Record(CallerAudit.Of(caller, kind, what, $"{site}/{camera}", details))) return true;
        End(reader, site, camera);
        await CallerAudit.NotRecorded.WriteAsync(context);
        return false;
    }

    private void Forget(long now)
    {
        foreach (var ended in _open.Where(v => time.GetElapsedTime(v.Value.AskedAt, now) >= EndsAfter).Select(v => v.Key).ToList()) _open.Remove(ended);
    }
}
