using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Drawings;

namespace TrafficFlow.Node.Count.Turning;

/// <summary>
/// Where the arms of a junction lie around its middle: north up where the ground is known, else as the camera sees them. Arms that lie
/// close together are moved apart, for they are to be drawn.
/// </summary>
internal sealed class TurningArms
{
    /// <summary>How far behind an entry, or beyond an exit, its arm is looked for: metres.</summary>
    private const double ReachMetres = 15;

    /// <summary>The same in widths of the picture.</summary>
    private const double ReachWidths = 0.3;

    private const double LeastDegrees = 55;
    private const int Rounds = 200;

    private readonly Dictionary<ApproachId, double> _angles;

    private TurningArms(Dictionary<ApproachId, double> angles, bool keepsLeft, bool isNorthUp) => (_angles, KeepsLeft, IsNorthUp) = (angles, keepsLeft, isNorthUp);

    public IEnumerable<ApproachId> All => _angles.Keys;

    /// <summary>Vehicles drive on the left, as the places of entries and exits tell; false where they tell nothing.</summary>
    public bool KeepsLeft { get; }

    public bool IsNorthUp { get; }

    /// <summary>Of an arm: radians from the right, clockwise as drawn.</summary>
    public double AngleOf(ApproachId arm) => _angles[arm];

    /// <summary>From the middle out along an arm.</summary>
    public DrawnPoint OutOf(ApproachId arm) => new(Math.Cos(_angles[arm]), Math.Sin(_angles[arm]));

    public static TurningArms Of(CameraSetup camera)
    {
        var map = new Map(camera);
        var ends = camera.Gates.SelectMany(g => new[] { (Gate: g, Sign: 1, Meaning: g.Forward), (Gate: g, Sign: -1, Meaning: g.Backward) })
            .Where(e => e.Meaning is not null)
            .Select(e => map.EndOf(e.Gate, e.Sign, e.Meaning!))
            .ToList();
        var places = ends.GroupBy(e => e.Arm).ToDictionary(g => g.Key, g => (1.0 / g.Count()) * g.Aggregate(default(DrawnPoint), (sum, e) => sum + e.Far));
        var middle = (1.0 / places.Count) * places.Values.Aggregate(default(DrawnPoint), (sum, p) => sum + p);
        var angles = places.ToDictionary(
            p => p.Key,
            p => (p.Value - middle).Length > 1e-6 ? Angle(p.Value - middle) : Angle(ends.First(e => e.Arm == p.Key).Out));
        Spread(angles);
        return new TurningArms(angles, Side(ends, angles) < 0, map.IsGround);
    }

    /// <summary>Positive where entries lie to the right of exits for who drives in.</summary>
    private static double Side(List<End> ends, Dictionary<ApproachId, double> angles) => ends.GroupBy(e => e.Arm).Sum(arm =>
    {
        var (entries, exits) = (arm.Where(e => e.Role == GateRole.Enters).ToList(), arm.Where(e => e.Role == GateRole.Exits).ToList());
        if (entries.Count == 0 || exits.Count == 0) return 0;
        var away = Mean(entries) - Mean(exits);
        var inwards = -1 * new DrawnPoint(Math.Cos(angles[arm.Key]), Math.Sin(angles[arm.Key]));
        return (double)Math.Sign(Math.Round(away.Dot(inwards.Right), 6));
    });

    private static DrawnPoint Mean(List<End> ends) => (1.0 / ends.Count) * ends.Aggregate(default(DrawnPoint), (sum, e) => sum + e.Middle);

    private static void Spread(Dictionary<ApproachId, double> angles)
    {
        if (angles.Count < 2) return;
        var order = angles.OrderBy(a => a.Value).ThenBy(a => a.Key.Value, StringComparer.Ordinal).Select(a => a.Key).ToList();
        var least = Math.Min(LeastDegrees, 330.0 / angles.Count) * Math.PI / 180;
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < order.Count; i++)
            {
                var (a, b) = (order[i], order[(i + 1) % order.Count]);
                var gap = angles[b] - angles[a] + (i == order.Count - 1 ? 2 * Math.PI : 0);
                if (gap >= least) continue;
                angles[a] -= (least - gap) / 2;
                angles[b] += (least - gap) / 2;
            }
        }
    }

    private static double Angle(DrawnPoint vector) => Math.Atan2(vector.Y, vector.X);

    /// <param name="Middle">Of the gate.</param>
    /// <param name="Out">From the gate away from the junction.</param>
    /// <param name="Far">A place on the arm.</param>
    private readonly record struct End(ApproachId Arm, GateRole Role, DrawnPoint Middle, DrawnPoint Out, DrawnPoint Far);

    /// <summary>From the picture to the plane on which arms are laid out.</summary>
    private sealed class Map
    {
        private readonly GroundPlane? _plane;
        private readonly double _height;

        public Map(CameraSetup camera)
        {
            _height = (double)camera.Frame.Height / camera.Frame.Width;
            _plane = camera.Plane;
            IsGround = _plane is not null && camera.Gates.All(g => _plane.ToGround(g.From) is not null && _plane.ToGround(g.To) is not null);
        }

        public bool IsGround { get; }

        public End EndOf(Gate gate, int sign, GateMeaning meaning)
        {
            var (from, to) = (At(gate.From), At(gate.To));
            var middle = 0.5 * (from + to);
            var forward = (to - from).Unit.Right;
            var way = meaning.Role == GateRole.Enters ? -sign : sign;
            var away = way * forward;
            return new End(meaning.Approach, meaning.Role, middle, away, middle + ((IsGround ? ReachMetres : ReachWidths) * away));
        }

        private DrawnPoint At(PicturePoint point)
        {
            if (!IsGround) return new DrawnPoint(point.X, point.Y * _height);
            var ground = _plane!.ToGround(point)!.Value;
            return new DrawnPoint(ground.X, -ground.Y);
        }
    }
}
