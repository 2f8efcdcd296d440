using TrafficFlow.Core.Scene.Visibility;

namespace TrafficFlow.Core.Scene;

/// <summary>
/// Compares what a camera shows with its calibrated scene, a look or two a second, and says what is wrong after seconds of evidence. Pure:
/// no clock, no I/O. A majority of tiles decides, so that traffic, queues, shadows and texts in some of them do not matter.
/// </summary>
public sealed class SceneJudge
{
    /// <summary>A turn or a zoom leaves the middle in place: each so many looks the tiles are searched for further off.</summary>
    private const int FurtherEvery = 4;

    private const int FewestStructured = 3;

    /// <summary>Sum of squared edge lengths of a tile that shows noise at most.</summary>
    private const float NoStructure = 2;

    private readonly SceneGrid _grid;
    private readonly SceneSettings _settings;
    private readonly SceneMatch _match;
    private readonly TileHistory _tiles;
    private readonly ExposureWatch _exposure;
    private readonly FrozenWatch _frozen;
    private readonly PlaceHistory _places = new();
    private readonly BackgroundLearner _learner;
    private readonly SceneUpkeep _upkeep;
    private readonly Queue<double> _lost = new();
    private readonly Alarm _moved;
    private readonly Alarm _elsewhere;
    private readonly Alarm _blurred;
    private readonly Alarm _covered;
    private readonly Alarm _dark;
    private readonly Alarm _still;
    private readonly Alarm _sways;
    private SceneReference? _reference;
    private SceneLook? _look;
    private SceneVerdict _unlearned;
    private DateTimeOffset? _last;
    private DateTimeOffset _jumpUntil;
    private double? _lostBefore;
    private int _looks;
    private double _turned;
    private int _agreed;
    private bool _isAway;

    public SceneJudge(SceneGrid grid, SceneSettings settings)
    {
        (_grid, _settings) = (grid, settings);
        _match = new SceneMatch(grid);
        _tiles = new TileHistory(grid, settings);
        _exposure = new ExposureWatch(grid, settings);
        _frozen = new FrozenWatch(settings);
        _learner = new BackgroundLearner(grid, (int)Math.Ceiling(settings.LearnSeconds / settings.LookEvery));
        _upkeep = new SceneUpkeep(grid, settings);
        var (raise, clear) = (settings.RaiseSeconds, settings.ClearSeconds);
        (_moved, _blurred, _dark) = (new Alarm(raise, clear), new Alarm(raise, clear), new Alarm(raise, clear));
        (_covered, _elsewhere) = (new Alarm(settings.BlindSeconds, clear), new Alarm(settings.BlindSeconds, clear));
        (_still, _sways) = (new Alarm(1, 1), new Alarm(settings.SwaySeconds, 10 * settings.SwaySeconds));
    }

    public SceneVerdict Verdict { get; private set; }

    /// <summary>Counts up with each change of what <see cref="Reference"/> gives: then it is worth storing.</summary>
    public int ReferenceChanges { get; private set; }

    /// <summary>The calibrated scene as bytes, for the next start; null while there is none.</summary>
    public byte[]? Reference() => _reference?.ToBytes();

    /// <summary>The calibrated scene as it was first, whose edges people can look at; null while there is none.</summary>
    public EdgePicture? Calibrated() => _reference?.Looks[0].ToPicture(_grid);

    /// <summary>Takes up a stored scene.</summary>
    /// <returns>False where the bytes are damaged or of a picture of another size: then it is learned anew.</returns>
    public bool Restore(byte[] reference)
    {
        if (SceneReference.From(_grid, reference) is not { } restored) return false;
        Use(restored);
        return true;
    }

    /// <summary>The scene as it is now is the right one: it is learned anew.</summary>
    public void Accept()
    {
        (_reference, _look) = (null, null);
        _learner.Clear();
        Forget();
        Verdict = _unlearned = default;
    }

    public bool IsDue(DateTimeOffset time) => _last is not { } last || (time - last).TotalSeconds >= _settings.LookEvery * 0.98 || time < last;

    public SceneVerdict Judge(ScenePicture picture, DateTimeOffset time)
    {
        var seconds = _last is { } last ? (time - last).TotalSeconds : 0;
        _last = time;
        if (seconds < 0 || seconds > _settings.Gap) (seconds, _) = (0, Interrupted());
        // A picture without anything in it stands still too: it is dark or covered.
        _still.Weigh(_frozen.Add(picture) && picture.Strength.Max() >= 1, seconds);
        if (_still.IsRaised) return Verdict = new SceneVerdict(SceneState.Frozen);
        if (_look is null) return Verdict = Learn(picture);
        if (_exposure.Add(picture, time)) _jumpUntil = time + TimeSpan.FromSeconds(_settings.ExposureSeconds);
        Find(picture);
        Weigh(picture, seconds, time);
        return Verdict = Decide(picture, time);
    }

    private bool Interrupted()
    {
        _frozen.Clear();
        _exposure.Clear();
        _upkeep.Clear();
        _tiles.Clear();
        _places.Clear();
        return true;
    }

    private void Forget()
    {
        Interrupted();
        _lost.Clear();
        (_lostBefore, _turned, _jumpUntil) = (null, 0, default);
        foreach (var alarm in new[] { _moved, _elsewhere, _blurred, _covered, _dark, _still, _sways }) alarm.Reset();
    }

    private SceneVerdict Learn(ScenePicture picture)
    {
        _learner.Add(picture);
        // What was said of the last seconds stands until the next are judged.
        if (!_learner.IsReady) return _unlearned;
        var background = _learner.Background();
        _learner.Clear();
        var look = SceneLook.Of(background);
        if (look.Structured.Length >= FewestStructured) Use(new SceneReference(_grid, look));
        return _unlearned = new SceneVerdict(StateUnlearned(look));
    }

    /// <summary>Why nothing can be learned of this look. Even in a haze that leaves a tenth of its contrast a street has structure.</summary>
    private SceneState StateUnlearned(SceneLook look) => look switch
    {
        { Structured.Length: >= FewestStructured } => SceneState.Unknown,
        _ when look.Brightness < _settings.DarkLevel => SceneState.Dark,
        // What the masks leave may well be bare road.
        _ when 2 * _grid.Hidden.Count(h => h) > _grid.Hidden.Length => SceneState.Unknown,
        _ when look.Structure.Max() < NoStructure => SceneState.Covered,
        _ => SceneState.Blurred,
    };

    private void Use(SceneReference reference)
    {
        Forget();
        _reference = reference;
        _look = reference.Looks[0];
        ReferenceChanges++;
    }

    /// <summary>Tries the look that fitted last, nearby; then further; then the looks in other light.</summary>
    private void Find(ScenePicture picture)
    {
        if (_looks++ % FurtherEvery != 0 && !_isAway)
        {
            _match.Find(_look!, picture, _settings.Agreement, near: 2);
            // Fewer that agree than lately are not believed: text in the picture stays where it is though all else has moved.
            if (IsPlaced && _match.Agreeing >= 0.7 * _agreed && IsNear) return;
        }

        _match.Find(_look!, picture, _settings.Agreement);
        (_agreed, _isAway) = (_match.Agreeing, !IsPlaced || !IsNear);
        if (IsPlaced) _turned = Math.Max(0, _match.Displacement - Math.Sqrt((_match.ShiftX * _match.ShiftX) + (_match.ShiftY * _match.ShiftY)));
        if (IsPlaced) return;
        var before = _look!;
        foreach (var other in _reference!.Looks.Where(l => l != before))
        {
            _look = other;
            _match.Find(other, picture, _settings.Agreement);
            if (IsPlaced) return;
        }

        if (_reference.Looks.Count == 1) return;
        _look = before;
        _match.Find(before, picture, _settings.Agreement);
    }

    private bool IsNear => Math.Max(Math.Abs(_match.ShiftX), Math.Abs(_match.ShiftY)) < 1.4;

    private bool IsPlaced => _match.Agreeing >= Math.Max(2, _settings.LeastAgreeing * _look!.Structured.Length);

    private void Weigh(ScenePicture picture, double seconds, DateTimeOffset time)
    {
        var look = _look!;
        _tiles.Add(look, picture, _match.Agreement, IsPlaced && Math.Max(Math.Max(Math.Abs(_match.ShiftX), Math.Abs(_match.ShiftY)), _turned) >= 1);
        if (IsPlaced)
        {
            var (x, y) = (look.OffsetX + _match.ShiftX, look.OffsetY + _match.ShiftY);
            _places.Add(x, y, _turned);
        }

        var isDark = _tiles.Empty >= 0.5 && picture.Brightness.Average() < _settings.DarkLevel;
        _dark.Weigh(isDark, seconds);
        _covered.Weigh(HasVanished() && !isDark, seconds);
        _blurred.Weigh(_tiles.Blurred >= _settings.BlurredShare, seconds);
        _moved.Weigh(_places.IsKnown && IsPlaced && Displacement >= _settings.MovedShift * _grid.Width * (_moved.IsRaised ? 0.7 : 1), seconds);
        if (_moved.IsRaised) _sways.Reset();
        _sways.Weigh(IsPlaced && !_moved.IsRaised && _places.Swing >= _settings.SwayShift * _grid.Width, seconds);
        // In a light that none of the looks is of, nothing can be said.
        var isComparable = Math.Abs(Math.Log((picture.Brightness.Average() + 6) / (look.Brightness + 6))) < Math.Log(2);
        _elsewhere.Weigh(!IsPlaced && _tiles.Empty < 0.5 && isComparable && time >= _jumpUntil, seconds);
    }

    private double Displacement
    {
        get
        {
            var (x, y, turned) = _places.Median;
            return Math.Sqrt((x * x) + (y * y)) + turned;
        }
    }

    /// <summary>
    /// Whether a large share of the scene was lost at once and is still. What is lost little by little is a queue that drives off, or the
    /// evening.
    /// </summary>
    private bool HasVanished()
    {
        if (_lostBefore is { } before)
        {
            if (_tiles.Lost < before + (0.7 * _settings.CoveredShare)) _lostBefore = null;
        }
        else if (_lost.Count > 0 && _tiles.Lost - _lost.Min() >= _settings.CoveredShare)
        {
            _lostBefore = _lost.Min();
        }

        _lost.Enqueue(_tiles.Lost);
        while (_lost.Count > _settings.CoverSeconds / _settings.LookEvery) _lost.Dequeue();
        return _lostBefore is not null;
    }

    private SceneVerdict Decide(ScenePicture picture, DateTimeOffset time)
    {
        if (_dark.IsRaised) return new SceneVerdict(SceneState.Dark);
        if (_covered.IsRaised && _tiles.Empty >= 0.8) return new SceneVerdict(SceneState.Covered);
        if (_blurred.IsRaised) return new SceneVerdict(SceneState.Blurred);
        if (_covered.IsRaised && time >= _jumpUntil) return new SceneVerdict(SceneState.Covered);
        if (_moved.IsRaised) return Placed(SceneState.Moved);
        if (time < _jumpUntil) return Placed(SceneState.ExposureJump);
        if (_elsewhere.IsRaised) return new SceneVerdict(SceneState.Elsewhere);
        if (!_places.IsKnown) return Verdict.State is SceneState.InPlace ? Verdict : new SceneVerdict(SceneState.Unknown);
        if (_upkeep.Update(picture, _match, _look!, _tiles.Lost) is { } look)
        {
            _reference!.Add(look);
            _look = look;
            _tiles.Clear();
            ReferenceChanges++;
        }

        return Placed(_sways.IsRaised ? SceneState.Swaying : SceneState.InPlace);
    }

    private SceneVerdict Placed(SceneState state)
    {
        if (!_places.IsKnown) return new SceneVerdict(state);
        var (x, y, _) = _places.Median;
        return new SceneVerdict(state, x / _grid.Width, y / _grid.Width, _match.RotationDegrees, _match.Zoom);
    }
}
