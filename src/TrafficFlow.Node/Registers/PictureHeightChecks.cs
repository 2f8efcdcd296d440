using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Inspections;

namespace TrafficFlow.Node.Registers;

/// <summary>For an inspection: how high plates and faces can be in the unmasked picture of each camera, by its calibration, and whether that keeps the limit of the site's file.</summary>
internal sealed class PictureHeightChecks(Func<IReadOnlyList<Site>> sites, TimeProvider time) : IProgramChecks
{
    public Task<IReadOnlyList<ProgramCheck>> LookAsync(string site, CancellationToken cancellation) =>
        Task.Run<IReadOnlyList<ProgramCheck>>(() => [.. sites().Where(s => s.Id.Value == site).SelectMany(s => s.Cameras.Select(c => Of(s, c)))], cancellation);

    private ProgramCheck Of(Site site, CameraSetup camera)
    {
        var (heights, limits) = (PictureCheck.Of(camera), site.Custody?.PictureLimits);
        // Where nothing limits them the figure stands there, for whoever inspects to judge.
        bool? keeps = heights.WhyUnknown is not null || limits is null ? null : PictureCheck.Keeps(heights, limits);
        var verdict = keeps switch { true => CheckVerdict.Good, false => CheckVerdict.Bad, null => CheckVerdict.Unknown };
        return new ProgramCheck(InspectionItem.PrivacyFilter, camera.Id.Value, verdict, heights.WhyUnknown ?? $"figures of plates {Pixels(heights.Plate, limits?.PlateCharacterPixels)}, faces {Pixels(heights.Face, limits?.FacePixels)}", time.GetUtcNow());
    }

    private static string Pixels(double? height, double? limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{height:0.0} px{(limit is { } most ? string.Create(CultureInfo.InvariantCulture, $" of {most:0.#}") : "")}");
}
