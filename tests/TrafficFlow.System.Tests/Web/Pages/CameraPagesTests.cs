using System.Net;
using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.WebHosting;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Synthetic;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vision.Privacy;
using TrafficFlow.Web.Pages.Cameras;
using TrafficFlow.Wire.Aggregation;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

public sealed class CameraPagesTests
{
    private static readonly SiteId s_site = new("demo");
    private static readonly CameraId s_camera = SyntheticJunction.Site.Cameras[0].Id;
    private static readonly TimeZoneInfo s_tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");

    [Fact]
    public async Task A_picture_goes_to_technicians_alone_and_each_view_is_recorded_once()
    {
        var recorded = new List<AuditEvent>();
        var clock = new HandClock();
        var pictures = new LivePictures(clock);
        await using var host = await WebHost.StartAsync(with: ports => ports with
        {
            Pictures = new NodePictures(pictures),
            Record = e =>
            {
                lock (recorded) recorded.Add(e);
                return Task.FromResult(true);
            },
        });
        using var elsewhere = await host.SendAsync("GET", Path(), Role.Operator);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Contains("no picture crosses the cluster", await TextAsync(elsewhere));

        var setup = SyntheticJunction.Site.Cameras[0] with { Frame = new FrameFormat(64, 36, 10) };
        using var live = pictures.Create(setup, new DetectorIdentity("scripted", "1", new ScoreBands(0.1f, 0.5f, 0.5f), KnowsPersons: true));
        foreach (var role in new[] { Role.Analyst, Role.City })
        {
            using var refused = await host.SendAsync("GET", Path(), role);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        Assert.Empty(recorded);
        for (var i = 0; i < 2; i++)
        {
            var asked = host.SendAsync("GET", Path(), Role.Operator);
            while (!asked.IsCompleted) await ObserveAsync(live, clock);
            using var answer = await asked;
            Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.MediaType);
            using var picture = Cv2.ImDecode(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), ImreadModes.Color);
            Assert.Equal((64, 36), (picture.Cols, picture.Rows));
        }

        var view = Assert.Single(recorded);
        Assert.Equal((AuditKind.View, "anna", "camera picture", $"demo/{s_camera}"), (view.Kind, view.By, view.Action, view.Target));
        using var unknown = await host.SendAsync("GET", "/sites/demo/cameras/cam99/picture", Role.Operator);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task No_picture_goes_out_while_nobody_can_record_who_sees_it()
    {
        var (clock, tries) = (new HandClock(), 0);
        var pictures = new LivePictures(clock);
        using var live = pictures.Create(SyntheticJunction.Site.Cameras[0] with { Frame = new FrameFormat(64, 36, 10) }, new DetectorIdentity("scripted", "1", new ScoreBands(0.1f, 0.5f, 0.5f), KnowsPersons: true));
        await using var host = await WebHost.StartAsync(with: ports => ports with { Pictures = new NodePictures(pictures), Record = _ => Task.FromResult(++tries > 2) });

        for (var i = 0; i < 2; i++)
        {
            using var refused = await host.SendAsync("GET", Path(), Role.Operator);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("the audit of this server cannot be written now", await TextAsync(refused));
        }

        var asked = host.SendAsync("GET", Path(), Role.Operator);
        while (!asked.IsCompleted) await ObserveAsync(live, clock);
        using var answer = await asked;
        Assert.Equal((HttpStatusCode.OK, 3), (answer.StatusCode, tries));
    }

    [Fact]
    public async Task A_camera_that_gives_no_frames_has_no_picture_and_that_is_told()
    {
        var clock = new HandClock();
        var pictures = new LivePictures(clock);
        using var live = pictures.Create(SyntheticJunction.Site.Cameras[0], new DetectorIdentity("scripted", "1", new ScoreBands(0.1f, 0.5f, 0.5f), KnowsPersons: true));
        await using var host = await WebHost.StartAsync(with: ports => ports with { Pictures = new NodePictures(pictures) });

        var asked = host.SendAsync("GET", Path(), Role.Custodian);
        while (!asked.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        using var answer = await asked;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 5.0), (answer.StatusCode, answer.Headers.RetryAfter?.Delta?.TotalSeconds));
    }

    [Fact]
    public async Task The_page_says_where_pictures_are_when_it_has_none()
    {
        await using var host = await WebHost.StartAsync();
        using var page = await host.SendAsync("GET", "/sites/demo/cameras", Role.Operator);
        var text = await TextAsync(page);

        Assert.Contains("This server does not have the camera itself", text);
        Assert.DoesNotContain(" style=", text);
    }

    [Fact]
    public void A_look_is_one_view_until_nobody_has_asked_for_a_minute_or_half_an_hour_is_over()
    {
        var clock = new HandClock();
        var views = new PictureViews(clock);

        Assert.True(views.Begins("anna", s_site, s_camera));
        Assert.False(views.Begins("anna", s_site, s_camera));
        Assert.True(views.Begins("bert", s_site, s_camera));
        Assert.True(views.Begins("anna", s_site, new CameraId("other")));
        var asked = 0;
        for (var began = false; !began; asked++)
        {
            clock.Advance(TimeSpan.FromSeconds(59));
            began = views.Begins("anna", s_site, s_camera);
        }

        Assert.Equal(Math.Ceiling(PictureViews.Longest.TotalSeconds / 59), asked);
        clock.Advance(PictureViews.EndsAfter);
        Assert.True(views.Begins("anna", s_site, s_camera));
    }

    [Fact]
    public void A_calendar_tells_what_was_watched_and_what_nobody_knows()
    {
        var first = new DateOnly(2026, 11, 28);
        var calendar = CoverageCalendar.Of(
            [
                Bin(first, 0, 3600, BinQuality.Complete), Bin(first, 1, 1800, BinQuality.Partial), Bin(first, 2, 0, BinQuality.Blind), Bin(first.AddDays(1), 23, 3600, BinQuality.Degraded),
                Bin(first.AddDays(2), 0, 3600, BinQuality.Complete), Bin(first.AddDays(-1), 23, 3600, BinQuality.Complete),
            ],
            first, 2, s_tokyo);

        Assert.Equal(48, calendar.Hours.Count);
        Assert.Equal(new CoverageHour(first, 0, 1, BinQuality.Complete), calendar.Hours[0]);
        Assert.Equal(new CoverageHour(first, 1, 0.5, BinQuality.Partial), calendar.Hours[1]);
        Assert.Equal(new CoverageHour(first, 2, 0, BinQuality.Blind), calendar.Hours[2]);
        Assert.Equal(new CoverageHour(first, 3, null, null), calendar.Hours[3]);
        Assert.Equal(new CoverageHour(first.AddDays(1), 23, 1, BinQuality.Degraded), calendar.Hours[47]);
        Assert.Equal(["whole", "most", "blind", "none", "degraded"], new[] { 0, 1, 2, 3, 47 }.Select(i => CoverageCalendar.Look(calendar.Hours[i])));
    }

    [Fact]
    public void An_hour_that_comes_twice_when_the_clock_is_set_back_is_one_square()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var day = new DateOnly(2026, 10, 25);
        ClosedBin[] bins = [.. new[] { 0, 1 }.Select(h => new DateTimeOffset(2026, 10, 25, h, 0, 0, TimeSpan.Zero)).Select((start, i) => Bin(start, i == 0 ? 3600 : 1800, i == 0 ? BinQuality.Complete : BinQuality.Partial))];

        var hour = CoverageCalendar.Of(bins, day, 1, berlin).Hours[2];

        Assert.Equal((0.75, BinQuality.Partial), (hour.Share, hour.Quality));
    }

    private static string Path() => $"/sites/demo/cameras/{s_camera}/picture";

    private static async Task ObserveAsync(Core.Privacy.ILivePicture live, HandClock clock)
    {
        var pool = new FramePool(64 * 36 * 3, 1);
        using var captured = new CapturedFrame(pool, 64, 36) { EventTime = clock.GetUtcNow() };
        using var frame = captured.IntoAnonymized();
        live.Observe(frame, []);
        clock.Advance(TimeSpan.FromSeconds(0.5));
        await Task.Delay(1, TestContext.Current.CancellationToken);
    }

    private static ClosedBin Bin(DateOnly day, int hour, double observed, BinQuality quality) =>
        Bin(new DateTimeOffset(day.ToDateTime(new TimeOnly(hour, 0)), TimeSpan.FromHours(9)), observed, quality);

    private static ClosedBin Bin(DateTimeOffset start, double observed, BinQuality quality) => new(
        1, new FlowBin(new BinKey(s_site, new ApproachId("north"), BinDuration.Hour, start), start.AddHours(1), TimeSpan.FromSeconds(observed), quality, 1, [], []), start.AddHours(1));

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
