namespace TrafficFlow.Core.Scene;

/// <summary>
/// Where an empty scene has edges: one byte for each block, row by row, 0 for none to 255 for a sure one. Of a median over many seconds, and of so few blocks that nobody can be
/// recognised, not even who stood there all the while.
/// </summary>
public sealed record EdgePicture(int Width, int Height, byte[] Strength);

/// <summary>A camera's scene as it was calibrated, and as it is.</summary>
/// <param name="Calibrated">Null before it was learned.</param>
/// <param name="Now">Of the last seconds; null until they have been looked at.</param>
/// <param name="NowAt">Event time of the last look at <paramref name="Now"/>.</param>
public sealed record SceneEdges(EdgePicture? Calibrated, EdgePicture? Now, DateTimeOffset? NowAt);
