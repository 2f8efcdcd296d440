using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Scene;

/// <summary>A short stroke along an edge of the empty street, in fractions of the picture.</summary>
public readonly record struct EdgeStroke(PicturePoint From, PicturePoint To);

/// <summary>The calibrated scene of a camera as strokes, for who must draw on it while the camera gives no picture: of a median over many seconds, and one stroke at most to a block as coarse as an <see cref="EdgePicture"/> has them.</summary>
public static class SceneStrokes
{
    private const float Sure = 0.5f;
    private const int Most = 2_500;

    /// <param name="scene">As an <see cref="ISceneStore"/> keeps it for this camera.</param>
    /// <returns>None where the bytes are damaged.</returns>
    public static IReadOnlyList<EdgeStroke> Of(CameraSetup camera, byte[] scene)
    {
        var grid = new SceneGrid(camera.Frame, camera.Masks);
        if (SceneReference.From(grid, scene) is not { } reference) return [];
        // The first look is what the gates were drawn on.
        var edges = reference.Looks[0].Edges;
        return
        [
            .. Enumerable.Range(0, grid.Width * grid.Height)
                .Select(at => (At: at, X: edges[2 * at], Y: edges[(2 * at) + 1]))
                .Select(e => (e.At, e.X, e.Y, Sureness: MathF.Sqrt((e.X * e.X) + (e.Y * e.Y))))
                .Where(e => e.Sureness >= Sure)
                .GroupBy(e => (X: e.At % grid.Width / SceneLook.Block, Y: e.At / grid.Width / SceneLook.Block))
                .Select(block => (Block: block.Key, Edge: block.MaxBy(e => e.Sureness)))
                .OrderByDescending(b => b.Edge.Sureness).Take(Most)
                .Select(b => Stroke(grid, b.Block, b.Edge.X / b.Edge.Sureness, b.Edge.Y / b.Edge.Sureness)),
        ];
    }

    /// <summary>In the middle of its block, across the direction in which it gets brighter.</summary>
    private static EdgeStroke Stroke(SceneGrid grid, (int X, int Y) block, double brighterX, double brighterY)
    {
        const double Reach = 0.7 * SceneLook.Block;
        var (x, y) = ((block.X + 0.5) * SceneLook.Block, (block.Y + 0.5) * SceneLook.Block);
        return new EdgeStroke(
            new PicturePoint((x - (brighterY * Reach)) / grid.Width, (y + (brighterX * Reach)) / grid.Height), new PicturePoint((x + (brighterY * Reach)) / grid.Width, (y - (brighterX * Reach)) / grid.Height));
    }
}
