using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>Follows the tracks of one camera on its ground plane. Allocates only for new tracks.</summary>
internal sealed class GroundFollower
{
    // Looking back needs what came before and after a crossing too.
    private const double BesidesSeconds = 2;

    private readonly GroundView _view;
    private readonly GroundMotionSettings _settings;
    private readonly int _remembered;
    private readonly GroundSmoother _lookBack;

    private GroundFollower(GroundView view, GroundMotionSettings settings, int remembered)
    {
        (_view, _settings, _remembered) = (view, settings, remembered);
        _lookBack = new GroundSmoother(view, _settings);
    }

    /// <summary>Null where the camera has no ground plane.</summary>
    /// <param name="holdSeconds">For how long a crossing is judged after it happened: so far back its speed is asked for.</param>
    public static GroundFollower? Of(CameraSetup camera, double holdSeconds, GroundMotionSettings settings)
    {
        if (camera.Plane is not { } plane) return null;
        var remembered = (int)Math.Ceiling((holdSeconds + BesidesSeconds) * Math.Clamp(camera.Frame.FramesPerSecond, 1, 30));
        return new GroundFollower(new GroundView(plane, camera.Frame, RelativeError(camera)), settings, remembered);
    }

    /// <summary>Takes one step of the tracker.</summary>
    public void Follow(double now, ReadOnlySpan<Track> tracks)
    {
        foreach (var track in tracks)
        {
            var ground = track.Ground ??= new GroundTrack(_view, _settings, _remembered, _lookBack);
            if (track.IsSeen) ground.See(now, track.Seen, track.IsSure, track.Votes.Winner().Class);
            else ground.Miss(now);
        }
    }

    // A length between two places is wrong by about the error of the places over how far the survey reaches.
    private static double RelativeError(CameraSetup camera)
    {
        const double Unsurveyed = 0.05;
        if (camera.Ground.Count < 4) return Unsurveyed;
        var (east, north) = (camera.Ground.Average(g => g.EastMetres), camera.Ground.Average(g => g.NorthMetres));
        var spread = Math.Sqrt(camera.Ground.Average(g => Math.Pow(g.EastMetres - east, 2) + Math.Pow(g.NorthMetres - north, 2)));
        var share = camera.Plane!.ErrorMetres / Math.Max(spread, 1);
        // Points that nobody surveyed say themselves how far they may be off.
        return camera.GroundErrorMetres is null ? Math.Min(Unsurveyed, share) : share;
    }
}
