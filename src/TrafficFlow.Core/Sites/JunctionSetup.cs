namespace TrafficFlow.Core.Sites;

/// <summary>The junction as a feeder of approaches: see <see cref="Site.Junction"/>.</summary>
public static class JunctionSetup
{
    /// <summary>Begins the id of every junction; no camera may be called so.</summary>
    public const string Prefix = "junction-";

    private const string Source = "junction:";

    /// <summary>It has no picture of its own: it joins the tracks of the site's cameras.</summary>
    public static bool IsJunction(CameraSetup setup) => setup.Source == Source;

    /// <summary>What it is called, whether the site has one now or not.</summary>
    public static CameraId IdOf(SiteId site) => new($"{Prefix}{site}");

    /// <summary>Its tracks can be joined with those of others: it is calibrated.</summary>
    public static bool Joins(CameraSetup camera) => camera.Plane is not null;

    internal static CameraSetup? Of(Site site)
    {
        if (!site.FusesTracks) return null;
        var counting = site.Cameras.Where(c => c.Gates.Any(g => g.Forward is not null || g.Backward is not null)).ToList();
        if (counting.Count < 2 || counting.Any(c => c.Plane is null || c.Source.StartsWith("replay:", StringComparison.OrdinalIgnoreCase))) return null;
        return new CameraSetup(
            IdOf(site.Id),
            Source,
            counting[0].Frame,
            "default",
            [],
            [.. from camera in counting
                from gate in camera.Gates
                where gate.Forward is not null || gate.Backward is not null
                select gate with { Id = new GateId($"{camera.Id}/{gate.Id}"), Forward = gate.Forward ?? gate.Backward, Backward = gate.Backward ?? gate.Forward }],
            []);
    }
}
