namespace TrafficFlow.Core.Scene;

/// <summary>
/// While all is well, takes the background again each minute. Where it no longer looks like the reference but still like a minute ago,
/// and in the same place, the light has changed and not the camera: that becomes one more look.
/// </summary>
internal sealed class SceneUpkeep(SceneGrid grid, SceneSettings settings)
{
    private const int Looks = 15;
    private const double Alike = 0.6;

    private readonly int _every = Math.Max(1, (int)Math.Round(60 / settings.LookEvery / Looks));
    private readonly BackgroundLearner _learner = new(grid, Looks);
    private readonly SceneMatch _match = new(grid);
    private SceneLook? _recent;
    private int _looks;
    private double _lostMost;

    public void Clear()
    {
        _learner.Clear();
        _recent = null;
    }

    /// <param name="now">How the picture matches the look that is in use.</param>
    /// <param name="lost">Share of the look's tiles that are lost.</param>
    /// <returns>The look to add, or null.</returns>
    public SceneLook? Update(ScenePicture picture, SceneMatch now, SceneLook look, double lost)
    {
        _lostMost = Math.Max(_lostMost, lost);
        if (_looks++ % _every != 0) return null;
        _learner.Add(picture);
        if (!_learner.IsReady) return null;
        var (background, before) = (_learner.Background(), _recent);
        var lostMost = _lostMost;
        (_lostMost, _recent) = (0, null);
        _learner.Clear();
        var (offsetX, offsetY) = (look.OffsetX + now.ShiftX, look.OffsetY + now.ShiftY);
        if (before is not null)
        {
            _match.Find(before, background, settings.Agreement);
            if (_match.Agreeing < Alike * before.Structured.Length) return null;
            (offsetX, offsetY) = (before.OffsetX + _match.ShiftX, before.OffsetY + _match.ShiftY);
        }

        _match.Find(look, background, settings.Agreement);
        var isAlike = _match.Agreeing >= Alike * look.Structured.Length && lostMost < 0.2;
        // As long as the reference itself tells the place, it is believed more than the chain of minutes.
        if (isAlike) (offsetX, offsetY) = (look.OffsetX + _match.ShiftX, look.OffsetY + _match.ShiftY);
        var recent = SceneLook.Of(background, offsetX, offsetY);
        if (recent.Structured.Length < 3) return null;
        _recent = recent;
        return isAlike || before is null ? null : recent;
    }
}
