using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Node.Calibrate;

/// <summary>
/// Picks out of tracks what tells a vehicle's size: observations of whole vehicles that move, each a good way after the last of the same one.
/// Where the model tells cars from others only cars are taken: their sizes differ least.
/// </summary>
internal sealed class VehicleObservations(FrameFormat frame)
{
    private const int Most = 400;

    // Of the box's width: far enough for a direction, and for an observation that is not the last one again.
    private const double StepShare = 0.5;
    private const double EdgeShare = 0.01;

    private readonly Dictionary<long, (Box Box, DateTimeOffset Time)> _last = [];
    private readonly List<(SeenVehicle Seen, VehicleClass Class)> _observations = [];

    public IReadOnlyList<SeenVehicle> All
    {
        get
        {
            var cars = _observations.Where(s => s.Class == VehicleClass.PassengerCar).Select(s => s.Seen).ToList();
            var chosen = cars.Count >= RoughPlaneFit.FewestVehicles
                ? cars
                : [.. _observations.Where(s => s.Class is VehicleClass.Unclassified or VehicleClass.PassengerCar).Select(s => s.Seen with { Sizes = VehicleSizes.Any })];
            var every = Math.Max(1, (int)Math.Ceiling(chosen.Count / (double)Most));
            return [.. chosen.Where((_, i) => i % every == 0)];
        }
    }

    public void Add(DateTimeOffset now, IEnumerable<TrackView> tracks)
    {
        foreach (var track in tracks)
        {
            if (!track.IsSeen || IsCut(track.Box)) continue;
            if (!_last.TryGetValue(track.Number, out var last) || now - last.Time > TimeSpan.FromSeconds(3))
            {
                _last[track.Number] = (track.Box, now);
                continue;
            }

            var (dx, dy) = (Foot(track.Box).X - Foot(last.Box).X, Foot(track.Box).Y - Foot(last.Box).Y);
            if (Math.Sqrt((dx * dx) + (dy * dy)) < StepShare * track.Box.Width) continue;
            // The way between the two observations is the tangent half way: shared by both ends well enough.
            var box = track.Box;
            _observations.Add((new SeenVehicle(
                box.X / frame.Width, box.Y / frame.Height, box.Right / frame.Width, box.Bottom / frame.Height, dx / frame.Width, dy / frame.Height, VehicleSizes.Car), track.Class));
            _last[track.Number] = (track.Box, now);
        }
    }

    private bool IsCut(Box box) =>
        box.X < EdgeShare * frame.Width || box.Y < EdgeShare * frame.Height || box.Right > (1 - EdgeShare) * frame.Width || box.Bottom > (1 - EdgeShare) * frame.Height;

    private static (double X, double Y) Foot(Box box) => (box.CenterX, box.Bottom);
}
