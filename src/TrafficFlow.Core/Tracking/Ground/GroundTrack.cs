using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>
/// The motion of one track in metres. Until the vehicle has moved its heading is unknown, and it is placed as something round; then
/// <see cref="GroundFilter"/> takes over, fed again with the boxes of the time before.
/// </summary>
internal sealed class GroundTrack
{
    private readonly GroundView _view;
    private readonly GroundMotionSettings _settings;
    private readonly GroundHistory _history;
    private readonly GroundFilter _filter;
    private readonly StationaryVehicle _stand;
    private readonly GroundSmoother _lookBack;
    private VehicleClass _class;
    private double _time;
    private double _advanced;
    private double _way;
    private bool _moves;

    /// <param name="remembered">How many boxes are kept for looking back.</param>
    /// <param name="lookBack">Shared by the tracks of a camera.</param>
    public GroundTrack(GroundView view, GroundMotionSettings settings, int remembered, GroundSmoother lookBack)
    {
        (_view, _settings) = (view, settings);
        _history = new GroundHistory(remembered);
        _filter = new GroundFilter(settings);
        _stand = new StationaryVehicle(view, settings);
        _lookBack = lookBack;
    }

    /// <summary>Of the vehicle, as far as its boxes have told; null until it has moved.</summary>
    public Sized? Length
    {
        get
        {
            if (!_moves) return null;
            var (metres, deviation, outline) = (_filter.Size.Length, _filter.SizeDeviation.Length, _settings.LengthShare * _filter.Size.Length);
            return new Sized(metres, Math.Sqrt((_settings.LastingErrors * deviation * deviation) + (outline * outline)));
        }
    }

    /// <summary>The box that supports the track at this time.</summary>
    public void See(double time, in Box box, bool sure, VehicleClass vehicleClass)
    {
        var seen = ObservedBox.Of(time, box, sure, _view);
        if (vehicleClass != _class) Reconsider(vehicleClass);
        ref var step = ref _history.Add(seen);
        var isPlaced = _stand.See(seen, VehicleShape.Of(_class));
        if (isPlaced) step = step with { RoundX = _stand.Latest.X, RoundY = _stand.Latest.Y };
        if (_moves)
        {
            Follow(ref step);
            if (isPlaced) DoubtHeading();
        }
        else
        {
            _time = time;
            if (isPlaced && _stand.HasMoved) Begin(_stand.Start);
        }
    }

    /// <summary>Nothing supports the track at this time.</summary>
    public void Miss(double time)
    {
        if (_moves)
        {
            var before = _filter.Place;
            _filter.Damp(Math.Exp(-(time - _time) / _settings.FadeSeconds));
            Advance(time);
            GoOn(before);
        }
        else
        {
            _stand.Miss(time);
        }

        _time = time;
    }

    /// <summary>Null until a box has told a place.</summary>
    public GroundState? State()
    {
        if (!_moves) return _stand.State();
        var (x, y) = _filter.Place;
        var (sin, cos) = Math.SinCos(_filter.HeadingRadians);
        var speed = _filter.MetresPerSecond;
        var outline = _settings.OutlineShare * _filter.Size.Length;
        return new GroundState(
            new GroundPoint(_view.Origin.X + x, _view.Origin.Y + y),
            Math.Sqrt((_filter.PlaceDeviation * _filter.PlaceDeviation) + (outline * outline) + (_view.PlaneError * _view.PlaneError)),
            speed * cos,
            speed * sin,
            Compass.Degrees(_filter.HeadingRadians),
            3.6 * Math.Sqrt((_filter.SpeedDeviation * _filter.SpeedDeviation) + (speed * speed * _view.RelativeError * _view.RelativeError)),
            _filter.Size.Length);
    }

    /// <summary>How it moved at a moment that is remembered, from what came before and after; null where that is not known.</summary>
    public GroundPassage? LookBack(double time)
    {
        var nearest = _moves ? _history.NearestPlaced(time) : -1;
        if (nearest < 0) return null;
        var step = _history[nearest];
        // A track that was hidden for long tells nothing of the moments between.
        if (Math.Abs(step.Box.Time - time) > _settings.LookBackSeconds) return null;
        var way = step.Speed * (time - step.Box.Time);
        var (sin, cos) = Math.SinCos(step.Heading);
        var (x, y) = (step.X + (way * cos), step.Y + (way * sin));
        var best = _lookBack.At(time, _history, Start(x, y, step.Heading, step.Speed), _filter.SizeDeviation, _filter.NoiseFactor);
        // The filter may have been on a wrong track then: where the boxes went is another start, and the better end wins.
        if (_history.Way(time - _settings.LookBackSeconds, time + _settings.LookBackSeconds) is { } went && went.Metres > _settings.MovedMetres)
        {
            var other = _lookBack.At(time, _history, Start(x, y, went.Heading, went.Metres / went.Seconds), _filter.SizeDeviation, _filter.NoiseFactor);
            if (best is null || other?.Cost < best.Value.Cost) best = other;
        }

        if (best is not { Passage: var passage }) return null;
        // The filter's place may be off at this moment; its way is counted by its places.
        var (east, north) = (passage.Centre.X - _view.Origin.X - step.X, passage.Centre.Y - _view.Origin.Y - step.Y);
        return passage with { Way = step.Way + (east * cos) + (north * sin) };
    }

    private GroundManoeuvre Start(double x, double y, double heading, double speed)
    {
        var start = new GroundManoeuvre();
        if (speed < 0) (heading, speed) = (heading + Math.PI, -speed);
        (start[GroundManoeuvre.X], start[GroundManoeuvre.Y], start[GroundManoeuvre.Heading], start[GroundManoeuvre.Speed]) = (x, y, heading, speed);
        (start[GroundManoeuvre.Length], start[GroundManoeuvre.Width], start[GroundManoeuvre.Height]) = _filter.Size;
        return start;
    }

    /// <summary>Metres driven from the track's beginning to a moment that is remembered; null where that is not known.</summary>
    public double? WayAt(double time)
    {
        var nearest = _moves ? _history.NearestPlaced(time) : -1;
        if (nearest < 0) return null;
        var step = _history[nearest];
        return Math.Abs(step.Box.Time - time) > _settings.LookBackSeconds ? null : step.Way + (step.Speed * (time - step.Box.Time));
    }

    /// <summary>Line-to-line speed: the way between two moments by the time, km/h.</summary>
    public (double Kmh, double ErrorKmh)? MeanSpeed(double? from, double? to, double seconds)
    {
        if (to - from is not { } metres || seconds <= 0) return null;
        var (speed, ends) = (Math.Max(0, metres) / seconds, Math.Sqrt(2) * Math.Max(_filter.PlaceDeviation, _settings.OutlineShare * _filter.Size.Length) / seconds);
        return (3.6 * speed, 3.6 * Math.Sqrt((ends * ends) + (speed * speed * _view.RelativeError * _view.RelativeError)));
    }

    // The size that another class suggests explains the boxes otherwise: look at them again.
    private void Reconsider(VehicleClass vehicleClass)
    {
        var (before, now) = (VehicleShape.Of(_class), VehicleShape.Of(vehicleClass));
        _class = vehicleClass;
        if (!_moves || before == now || _history.Count == 0) return;
        if (Math.Abs(_filter.Size.Length - now.Length.Metres) < 2 * now.Length.Deviation) return;
        _moves = false;
        _stand.Forget();
        for (var i = 0; i < _history.Count && !_moves; i++)
        {
            if (_stand.See(_history[i].Box, now) && _stand.HasMoved) Begin(_stand.Start);
        }
    }

    private void Begin((double X, double Y, double Time, double Heading, double Speed) start)
    {
        _filter.Begin(start.X, start.Y, 1, start.Heading, 0.4, start.Speed, 3, VehicleShape.Of(_class));
        (_moves, _advanced, _time) = (true, 0, start.Time);
        var isFirst = true;
        for (var i = 0; i < _history.Count; i++)
        {
            ref var step = ref _history[i];
            if (step.Box.Time < start.Time) continue;
            // Looked at again: the way goes on counting from where it was.
            if (isFirst && step.IsPlaced)
                _way = step.Way + ((start.X - step.X) * Math.Cos(start.Heading)) + ((start.Y - step.Y) * Math.Sin(start.Heading));
            isFirst = false;
            Follow(ref step);
        }
    }

    // A vehicle that came out of a clump, or whose first boxes were of a part of it, may have been given any heading.
    private void DoubtHeading()
    {
        var from = _time - 1;
        if (_history.Way(from, _time) is not { } way || way.Metres < _settings.WayMetres) return;
        if (Math.Abs(Math.IEEERemainder(way.Heading - _filter.HeadingRadians, 2 * Math.PI)) * 180 / Math.PI < _settings.WrongHeadingDegrees) return;
        for (var i = 0; i < _history.Count; i++)
        {
            if (_history[i].Box.Time < from || double.IsNaN(_history[i].RoundX)) continue;
            Begin((_history[i].RoundX, _history[i].RoundY, _history[i].Box.Time, way.Heading, way.Metres / way.Seconds));
            return;
        }
    }

    private void Follow(ref GroundStep step)
    {
        var before = _filter.Place;
        Advance(step.Box.Time);
        _time = step.Box.Time;
        _filter.Correct(_view, step.Box);
        var (x, y) = _filter.Place;
        GoOn(before);
        step = step with { X = x, Y = y, Heading = _filter.HeadingRadians, Speed = _filter.MetresPerSecond, Way = _way };
    }

    // By places, not speeds, which lag; along the heading, so that the jitter of a standing vehicle adds up to nothing.
    private void GoOn((double X, double Y) before)
    {
        var (sin, cos) = Math.SinCos(_filter.HeadingRadians);
        _way += ((_filter.Place.X - before.X) * cos) + ((_filter.Place.Y - before.Y) * sin);
    }

    private void Advance(double time)
    {
        var seconds = time - _time;
        if (seconds <= 0) return;
        _filter.Predict(seconds);
        _advanced = Math.Min(_settings.MovedMetres, _advanced + (_filter.MetresPerSecond * seconds));
        if (_advanced > -2 * _settings.MovedMetres) return;
        // It goes on backwards: what looked like its first movement was noise.
        _filter.TurnAround();
        _advanced = 0;
    }
}
