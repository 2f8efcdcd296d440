namespace TrafficFlow.Node.Demo;

/// <summary>Where a demo stands at one moment.</summary>
/// <param name="Running">Since it was started.</param>
/// <param name="Painted">Streets that are painted, of <paramref name="Streets"/>.</param>
/// <param name="IsUp">The node's actor systems have started.</param>
/// <param name="Loss">Share of the latest seconds' pictures that were left out, 0..1, by camera; empty before any.</param>
internal sealed record DemoState(TimeSpan Running, int Painted, int Streets, bool IsUp, DemoFigures Figures, IReadOnlyList<DemoLoss> Loss)
{
    /// <summary>Where a browser sees it, key and all; null before the node is up.</summary>
    public string? Page { get; init; }

    public static readonly DemoState Beginning = new(TimeSpan.Zero, 0, 4, false, new DemoFigures([], []), []);
}

/// <param name="Share">0..1.</param>
internal sealed record DemoLoss(string Camera, double Share)
{
    /// <summary>Between two moments; cameras that had no picture between them are left out.</summary>
    public static IReadOnlyList<DemoLoss> Between(DemoFigures earlier, DemoFigures later) =>
    [
        .. from now in later.Cameras
           let before = earlier.Cameras.FirstOrDefault(c => c.Camera == now.Camera)
           // A source that is opened anew counts from zero.
           let frames = now.Frames - Math.Min(before?.Frames ?? 0, now.Frames)
           let dropped = now.Dropped - Math.Min(before?.Dropped ?? 0, now.Dropped)
           where frames + dropped > 0 && !IsJunction(now.Camera.Value)
           select new DemoLoss(now.Camera.Value, (double)dropped / (frames + dropped)),
    ];

    /// <summary>It has no pictures of its own.</summary>
    public static bool IsJunction(string camera) => camera.StartsWith("junction-", StringComparison.Ordinal);
}
