namespace TrafficFlow.Core.Scene;

/// <summary>The edges of the last seconds, of as many looks as a calibrated scene is learned from. Pure; not thread-safe.</summary>
public sealed class RecentEdges(SceneGrid grid, SceneSettings settings)
{
    private readonly BackgroundLearner _learner = new(grid, (int)Math.Ceiling(settings.LearnSeconds / settings.LookEvery));

    /// <returns>Null until there are looks enough; then it begins anew.</returns>
    public EdgePicture? Add(ScenePicture picture)
    {
        _learner.Add(picture);
        if (!_learner.IsReady) return null;
        var background = _learner.Background();
        _learner.Clear();
        return SceneLook.Of(background).ToPicture(grid);
    }

    public void Clear() => _learner.Clear();
}
