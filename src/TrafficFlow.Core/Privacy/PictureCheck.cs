using System.Runtime.CompilerServices;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Privacy;

/// <summary>
/// Computes from a camera's calibration how large plates and faces can be in its unmasked picture, before anybody has seen one. The road is taken for flat, as calibrated; what lives above
/// street level, in windows and on bridges, is not in it: mask that. Pure.
/// </summary>
public static class PictureCheck
{
    /// <summary>Cells across the picture's longer side. A cell is taken for its largest corner, so that the result errs upwards, by some 1 %.</summary>
    private const int Cells = 160;

    /// <summary>It takes a tenth of a second, and is asked again and again of the same camera.</summary>
    private static readonly ConditionalWeakTable<CameraSetup, LargestHeights> s_known = [];

    public static LargestHeights Of(CameraSetup camera) => s_known.GetValue(camera, Compute);

    private static LargestHeights Compute(CameraSetup camera)
    {
        if (camera.Plane is not { } plane) return Unknown("it is not calibrated: survey ground points (trafficflow calibrate)");
        if (Pose(camera) is not { } pose) return Unknown("its height cannot be told from its ground points (it looks straight down, or its picture is cropped): survey points that are spread further over the road");
        var grid = new MaskGrid(camera, Cells);
        return new LargestHeights(camera.Id, camera.Frame, [.. IdentifyingThing.All.Select(t => Largest(new HeightField(camera, pose, plane.ErrorMetres, t), t, grid))], null);

        LargestHeights Unknown(string why) => new(camera.Id, camera.Frame, [], $"how large plates and faces are in the picture of {camera.Id} cannot be said: {why}");
    }

    /// <summary>The part of the picture that the masks blacken, 0..1.</summary>
    public static double MaskedShare(CameraSetup camera) => 1 - new MaskGrid(camera, 1).OpenShare;

    /// <summary>Whether heights keep a limit; null where it cannot be said.</summary>
    public static bool? Keeps(LargestHeights heights, PictureLimits limits) => heights.WhyUnknown is not null ? null
        : !(heights.Plate > limits.PlateCharacterPixels) && !(heights.Face > limits.FacePixels);

    /// <summary>The largest picture of the same shape that keeps the limits with the masks as they are; null where none does, or the present one does.</summary>
    public static FrameFormat? SmallerFrame(CameraSetup camera, LargestHeights heights, PictureLimits limits)
    {
        if (Keeps(heights, limits) is not false) return null;
        var share = Math.Min(Share(heights.Plate, limits.PlateCharacterPixels), Share(heights.Face, limits.FacePixels));
        // Even sizes, as coders want them, of the same shape.
        for (var width = (int)(camera.Frame.Width * share) & ~1; width >= 32; width -= 2)
        {
            var height = (int)Math.Round((double)width * camera.Frame.Height / camera.Frame.Width / 2) * 2;
            var smaller = camera.Frame with { Width = width, Height = height };
            if (height >= 32 && Keeps(Of(camera with { Frame = smaller }), limits) is true) return smaller;
            if (width < (camera.Frame.Width * share) - 16) break;
        }

        return null;

        static double Share(double? height, double? limit) => height is { } h && limit is { } l && h > l ? double.IsInfinity(h) ? 0 : l / h : 1;
    }

    /// <summary>A mask that, beside those there are, keeps the limits at the present size; null where none is needed, or it would have to hide all.</summary>
    public static Polygon? FurtherMask(CameraSetup camera, PictureLimits limits)
    {
        if (camera.Plane is not { } plane || Pose(camera) is not { } pose || Keeps(Of(camera), limits) is not false) return null;
        var fields = IdentifyingThing.All.Select(t => (Field: new HeightField(camera, pose, plane.ErrorMetres, t), Limit: t.IsPlate ? limits.PlateCharacterPixels : limits.FacePixels)).Where(f => f.Limit is not null).ToList();
        if (fields.Any(f => f.Field.IsUnbounded)) return null;
        var grid = new MaskGrid(camera, Cells);
        var tooLarge = grid.Open.Where(c => grid.Corners(c).Any(p => fields.Any(f => f.Field.At(p) is { } at && at.Pixels > f.Limit))).SelectMany(grid.Corners).ToList();
        var hull = MaskProposal.Around(tooLarge, (double)camera.Frame.Width / camera.Frame.Height);
        return hull is null || Keeps(Of(camera with { Masks = [.. camera.Masks, hull] }), limits) is not true ? null : hull;
    }

    private static CameraPose? Pose(CameraSetup camera) => CameraPose.From(camera.Plane!, (double)camera.Frame.Width / camera.Frame.Height);

    private static LargestHeight Largest(HeightField field, IdentifyingThing thing, MaskGrid grid)
    {
        if (grid.Open.Count == 0) return new LargestHeight(thing, 0, null, 0);
        if (field.IsUnbounded) return new LargestHeight(thing, double.PositiveInfinity, null, 0);
        var known = new Dictionary<PicturePoint, (double Pixels, double Distance)?>();
        var best = new LargestHeight(thing, 0, null, 0);
        foreach (var corner in grid.Open.SelectMany(grid.Corners))
        {
            if (known.ContainsKey(corner)) continue;
            var at = field.At(corner);
            known.Add(corner, at);
            if (at is { } seen && seen.Pixels > best.Pixels) best = new LargestHeight(thing, seen.Pixels, corner, seen.Distance);
        }

        return best;
    }
}
