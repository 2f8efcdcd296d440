using System.Globalization;
using System.Runtime.CompilerServices;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Replay;

namespace TrafficFlow.Node.Custody;

/// <summary>How large plates and faces can be in the picture of a camera, in words.</summary>
internal static class PictureFindings
{
    /// <summary>What is proposed takes a moment to compute, and stays while the site file does.</summary>
    private static readonly ConditionalWeakTable<CameraSetup, Proposal> s_proposals = [];

    /// <summary>Null where there is neither picture nor calibration nor limit: nothing is to be told.</summary>
    public static CustodyFinding? Of(Site site, CameraSetup camera)
    {
        var limits = site.Custody?.PictureLimits;
        if (ReplaySource.IsReplay(camera.Source) || (limits is null && camera.Plane is null)) return null;
        var heights = PictureCheck.Of(camera);
        var isKept = limits is null || PictureCheck.Keeps(heights, limits) is true;
        var text = Describe(heights);
        if (limits is not null && !isKept) text = $"{text}; {LimitText(limits)}{(heights.WhyUnknown is null ? $": {Remedy(camera, heights, limits)}" : "")}";
        return new CustodyFinding(site.Id, CustodyRule.Picture, $"picture of {camera.Id}", limits?.Above ?? Requirement.Off, isKept, text);
    }

    /// <summary>The figures in a line; why there are none, where there are none.</summary>
    public static string Describe(LargestHeights heights)
    {
        if (heights.WhyUnknown is { } why) return why;
        return $"figures of plates at most {One(heights.LargestPlate!)}, faces at most {One(heights.LargestFace!)}, in {heights.Frame.Width}x{heights.Frame.Height} outside of the masks";

        static string One(LargestHeight largest) => largest switch
        {
            { Pixels: 0 } => "0 pixels (all is masked)",
            { Pixels: double.PositiveInfinity } => "as large as they like (the camera hangs no higher than they may be)",
            _ => string.Create(CultureInfo.InvariantCulture, $"{largest.Pixels:0.0} pixels high (at {largest.At!.Value.X:0.00}, {largest.At.Value.Y:0.00}, {largest.DistanceMetres:0.0} m away)"),
        };
    }

    private static string LimitText(PictureLimits limits) => string.Create(
        CultureInfo.InvariantCulture, $"the site file allows {string.Join(" and ", new[] { limits.PlateCharacterPixels is { } plate ? $"{plate:0.#} for plates" : null, limits.FacePixels is { } face ? $"{face:0.#} for faces" : null }.Where(t => t is not null))}");

    private static string Remedy(CameraSetup camera, LargestHeights heights, PictureLimits limits)
    {
        if (s_proposals.TryGetValue(camera, out var known) && known.Limits == limits) return known.Text;
        var text = Propose(camera, heights, limits);
        s_proposals.AddOrUpdate(camera, new Proposal(limits, text));
        return text;
    }

    private static string Propose(CameraSetup camera, LargestHeights heights, PictureLimits limits)
    {
        var remedies = new List<string>();
        if (PictureCheck.SmallerFrame(camera, heights, limits) is { } frame) remedies.Add($"set frame {{ width = {frame.Width}, height = {frame.Height} }}");
        if (PictureCheck.FurtherMask(camera, limits) is { } mask)
            remedies.Add($"add the mask [{string.Join(", ", mask.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"[{p.X:0.###}, {p.Y:0.###}]")))}]");
        return remedies.Count > 0 ? string.Join(", or ", remedies) : "hang the camera higher, or point it further away";
    }

    private sealed record Proposal(PictureLimits Limits, string Text);
}
