using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>Where a vehicle stands whose heading nobody knows yet, and whether it has moved so far that its heading shows.</summary>
internal sealed class StationaryVehicle(GroundView view, GroundMotionSettings settings)
{
    private const double NewSpeed = 15;
    private readonly NormalEquations _equations = new(3);
    private ConstantVelocityFilter _x;
    private ConstantVelocityFilter _y;
    private double _time;
    private double _deviation;
    private bool _isPlaced;
    private (double X, double Y, double Time, double Deviation) _first;

    /// <summary>Where it was first seen, and how it went on from there.</summary>
    public (double X, double Y, double Time, double Heading, double Speed) Start
    {
        get
        {
            var (dx, dy) = (_x.Position - _first.X, _y.Position - _first.Y);
            return (_first.X, _first.Y, _first.Time, Math.Atan2(dy, dx), Math.Sqrt((dx * dx) + (dy * dy)) / Math.Max(0.01, _time - _first.Time));
        }
    }

    public bool HasMoved
    {
        get
        {
            var (dx, dy) = (_x.Position - _first.X, _y.Position - _first.Y);
            // Most of what makes a single place uncertain, the unknown outline, is the same in all of them: two standard deviations are plenty.
            var least = Math.Max(settings.MovedMetres, 2 * Math.Max(_deviation, _first.Deviation));
            return _isPlaced && (dx * dx) + (dy * dy) > least * least && (dx * _x.Velocity) + (dy * _y.Velocity) > 0;
        }
    }

    public void Forget() => _isPlaced = false;

    /// <summary>The latest place, from its box alone.</summary>
    public (double X, double Y) Latest { get; private set; }

    /// <returns>False where the box tells no place.</returns>
    public bool See(in ObservedBox box, VehicleShape shape)
    {
        if (!box.HasPlace || !TryPlace(box, shape, out var x, out var y, out var deviation)) return false;
        Latest = (x, y);
        if (!_isPlaced)
        {
            (_x, _y) = (new ConstantVelocityFilter(x, deviation, NewSpeed), new ConstantVelocityFilter(y, deviation, NewSpeed));
            (_first, _isPlaced) = ((x, y, box.Time, deviation), true);
        }
        else
        {
            Advance(box.Time);
            _x.Correct(x, deviation);
            _y.Correct(y, deviation);
        }

        (_time, _deviation) = (box.Time, deviation);
        return true;
    }

    public void Miss(double time)
    {
        if (!_isPlaced) return;
        var fade = Math.Exp(-(time - _time) / settings.FadeSeconds);
        _x.Damp(fade);
        _y.Damp(fade);
        Advance(time);
        _time = time;
    }

    public GroundState? State()
    {
        if (!_isPlaced) return null;
        var speed = Math.Sqrt((_x.Velocity * _x.Velocity) + (_y.Velocity * _y.Velocity));
        var speedDeviation = Math.Sqrt((_x.VelocityVariance + _y.VelocityVariance) / 2);
        return new GroundState(
            new GroundPoint(view.Origin.X + _x.Position, view.Origin.Y + _y.Position),
            Math.Sqrt((_deviation * _deviation) + (view.PlaneError * view.PlaneError)),
            _x.Velocity,
            _y.Velocity,
            null,
            3.6 * Math.Sqrt((speedDeviation * speedDeviation) + (speed * speed * view.RelativeError * view.RelativeError)),
            null);
    }

    private void Advance(double time)
    {
        if (time <= _time) return;
        _x.Predict(time - _time, 2 * settings.Acceleration);
        _y.Predict(time - _time, 2 * settings.Acceleration);
    }

    // Gauss-Newton on place and size: a round thing of the class's middle extent, larger or smaller, whose box fits best.
    private bool TryPlace(in ObservedBox box, VehicleShape shape, out double x, out double y, out double deviation)
    {
        (x, y, deviation) = (0, 0, 0);
        if (view.GroundAt(box.Box.CenterX, box.Box.Bottom) is not { } ground) return false;
        (x, y) = ground;
        var size = 1.0;
        Span<PredictedSide> sides = stackalloc PredictedSide[4];
        Span<double> gradient = stackalloc double[3];
        Span<double> step = stackalloc double[3];
        for (var round = 0; round < 5; round++)
        {
            var (extent, height) = (size * (shape.Length.Metres + shape.Width.Metres) / 2, size * shape.Height.Metres);
            var unsure = (shape.Length.Metres - shape.Width.Metres) * size / 4;
            if (!GroundOutline.TryProject(view, x, y, view.BearingTo(x, y), extent, extent, height, sides)) return false;
            _equations.Clear();
            _equations.Expect(2, 1 - size, shape.Spread);
            for (var i = 0; i < 4; i++)
            {
                if (!box.IsSeen((BoxSide)i)) continue;
                ref readonly var side = ref sides[i];
                var perMetre = Math.Sqrt((side.X * side.X) + (side.Y * side.Y));
                var noise = settings.NewNoise * box.Deviation((BoxSide)i, settings);
                (gradient[0], gradient[1], gradient[2]) = (side.X, side.Y, ((extent * (side.Length + side.Width)) + (height * side.Height)) / size);
                _equations.Add(gradient, box.At((BoxSide)i) - side.At, 1 / ((noise * noise) + (perMetre * perMetre * unsure * unsure)));
            }

            if (!_equations.TrySolve(0, step)) return false;
            (x, y, size) = (x + step[0], y + step[1], Math.Clamp(size + step[2], 0.3, 3));
        }

        if (!_equations.TryCovariance(0, gradient)) return false;
        var east = gradient[0];
        if (!_equations.TryCovariance(1, gradient)) return false;
        deviation = Math.Sqrt((east + gradient[1]) / 2);
        return double.IsFinite(x + y + deviation);
    }
}
