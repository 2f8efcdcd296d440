using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Inspections;
using Xunit;

namespace TrafficFlow.SystemTests.Custody;

/// <summary>The largest heights of plates and faces as an inspection shows them.</summary>
public sealed class PictureHeightChecksTests
{
    private static readonly Site s_shipped = SiteSettings.Load(Path.Combine(SharedFiles.Repository, "hocon", "sites", "kokandori.conf")).Site;

    [Theory]
    [InlineData(1.1, CheckVerdict.Good)]
    [InlineData(0.8, CheckVerdict.Bad)]
    public async Task The_figure_of_a_calibrated_camera_is_judged_by_the_limit_of_its_site(double part, CheckVerdict verdict)
    {
        var plate = PictureCheck.Of(s_shipped.Cameras[0]).Plate!.Value;

        var check = (await LookAsync(new PictureLimits(plate * part, null, Requirement.Warn)))[0];

        Assert.Equal((InspectionItem.PrivacyFilter, "cam1", verdict), (check.Item, check.Target, check.Verdict));
        Assert.Matches(@"^figures of plates [0-9.]+ px of [0-9.]+, faces [0-9.]+ px$", check.Figure);
    }

    [Fact]
    public async Task Without_a_limit_or_a_calibration_a_person_has_to_judge()
    {
        var checks = await LookAsync(null);

        Assert.All(checks, c => Assert.Equal(CheckVerdict.Unknown, c.Verdict));
        Assert.Contains("px", checks[0].Figure);
        Assert.Contains("it is not calibrated", checks[1].Figure);
        Assert.Empty(await new PictureHeightChecks(() => [s_shipped], TimeProvider.System).LookAsync("elsewhere", TestContext.Current.CancellationToken));
    }

    private static Task<IReadOnlyList<ProgramCheck>> LookAsync(PictureLimits? limits) =>
        new PictureHeightChecks(() => [s_shipped with { Custody = s_shipped.Custody! with { PictureLimits = limits } }], TimeProvider.System).LookAsync("kokandori", TestContext.Current.CancellationToken);
}
