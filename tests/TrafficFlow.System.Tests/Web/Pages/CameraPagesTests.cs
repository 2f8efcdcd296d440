using System.Net;
using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.WebHosting;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Synthetic;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vision.Privacy;
using TrafficFlow.Vision.Scene;
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
            Pictures = new NodePictures(pictures, new SceneViews(clock)),
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
        await using var host = await WebHost.StartAsync(with: ports => ports with { Pictures = new NodePictures(pictures, new SceneViews(clock)), Record = _ => Task.FromResult(++tries > 2) });

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
        await using var host = await WebHost.StartAsync(with: ports => ports with { Pictures = new NodePictures(pictures, new SceneViews(clock)) });

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
    public async Task The_scene_before_and_now_is_shown_as_edges_to_technicians_and_recorded()
    {
        var recorded = new List<AuditEvent>();
        var clock = new HandClock();
        var (pictures, scenes) = (new LivePictures(clock), new SceneViews(clock));
        var setup = SyntheticJunction.Site.Cameras[0] with { Frame = new FrameFormat(320, 180, 2) };
        using var live = pictures.Create(setup, new DetectorIdentity("scripted", "1", new ScoreBands(0.1f, 0.5f, 0.5f), KnowsPersons: true));
        using var watch = new SceneWatch(setup, store: null, views: scenes);
        await using var host = await WebHost.StartAsync(with: ports => ports with
        {
            Pictures = new NodePictures(pictures, scenes),
            Record = e =>
            {
                lock (recorded) recorded.Add(e);
                return Task.FromResult(true);
            },
        });
        using var refused = await host.SendAsync("GET", EdgesOf("both"), Role.Analyst);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Empty(recorded);

        Look(watch, 0, 30, shift: 0);
        using var early = await host.SendAsync("GET", EdgesOf("now"), Role.Operator);
        Assert.Equal(HttpStatusCode.NoContent, early.StatusCode);
        Look(watch, 30, 50, shift: 12);
        var (before, now, both) = (await EdgesAsync("calibrated"), await EdgesAsync("now"), await EdgesAsync("both"));

        using var last = Frame(50, 12);
        Assert.Equal(SceneState.Moved, watch.Observe(last).State);
        // The same street three blocks to the right, in the one colour and in the other; both of them lie over each other.
        var (first, later) = (Strong(before, 0), Strong(now, 2));
        Assert.True(first.Count > 100, $"{first.Count} sure edges");
        Assert.InRange(later.Count(p => first.Contains((p.X - 3, p.Y))), 0.9 * first.Count, first.Count);
        Assert.InRange(later.Count(first.Contains), 0, 0.5 * first.Count);
        Assert.True(Strong(both, 0).IsSupersetOf(first) && Strong(both, 2).IsSupersetOf(later));
        Assert.Equal(("camera edges", $"demo/{s_camera}"), (Assert.Single(recorded).Action, recorded[0].Target));
        using var odd = await host.SendAsync("GET", EdgesOf("faces"), Role.Operator);
        Assert.Equal(HttpStatusCode.NotFound, odd.StatusCode);

        async Task<Mat> EdgesAsync(string which)
        {
            using var answer = await host.SendAsync("GET", EdgesOf(which), Role.Operator);
            Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
            return Cv2.ImDecode(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), ImreadModes.Color);
        }
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
    public async Task A_look_is_one_view_until_nobody_has_asked_for_a_minute_or_half_an_hour_is_over()
    {
        var clock = new HandClock();
        var views = new PictureViews(clock);

        Assert.True(await BeginsAsync("anna", s_camera));
        Assert.False(await BeginsAsync("anna", s_camera));
        Assert.True(await BeginsAsync("bert", s_camera));
        Assert.True(await BeginsAsync("anna", new CameraId("other")));
        var asked = 0;
        for (var began = false; !began; asked++)
        {
            clock.Advance(TimeSpan.FromSeconds(59));
            began = await BeginsAsync("anna", s_camera);
        }

        Assert.Equal(Math.Ceiling(PictureViews.Longest.TotalSeconds / 59), asked);
        clock.Advance(PictureViews.EndsAfter);
        Assert.True(await BeginsAsync("anna", s_camera));

        async Task<bool> BeginsAsync(string reader, CameraId camera)
        {
            var isNew = false;
            Assert.True(await views.IsRecordedAsync(reader, s_site, camera, () => Task.FromResult(isNew = true)));
            return isNew;
        }
    }

    [Fact]
    public async Task Every_picture_of_a_view_waits_until_the_view_is_recorded_and_none_goes_out_where_it_cannot_be()
    {
        var (views, record) = (new PictureViews(new HandClock()), new TaskCompletionSource<bool>());
        var first = views.IsRecordedAsync("anna", s_site, s_camera, () => record.Task);
        var second = views.IsRecordedAsync("anna", s_site, s_camera, () => Task.FromResult(true));

        Assert.False(second.IsCompleted);
        record.SetResult(false);
        Assert.False(await first);
        Assert.False(await second);
        Assert.True(await views.IsRecordedAsync("anna", s_site, s_camera, () => Task.FromResult(true)));
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

    private static string EdgesOf(string which) => $"/sites/demo/cameras/{s_camera}/edges/{which}";

    private static void Look(SceneWatch watch, int from, int to, int shift)
    {
        for (var i = from; i < to; i++)
        {
            using var frame = Frame(i, shift);
            watch.Observe(frame);
        }
    }

    /// <summary>Houses and a kerb, so many pixels to the right.</summary>
    private static AnonymizedFrame Frame(int number, int shift)
    {
        var captured = new CapturedFrame(new FramePool(320 * 180 * 3, 1), 320, 180) { EventTime = DateTimeOffset.UnixEpoch.AddSeconds(number * 0.5) };
        using (var picture = Mat.FromPixelData(180, 320, MatType.CV_8UC3, captured.Buffer))
        {
            picture.SetTo(new Scalar(90, 90, 90));
            for (var i = 0; i < 24; i++) Cv2.Rectangle(picture, new Rect(shift + 30 + (i % 6 * 44), 14 + (i / 6 * 42), 22, 20), new Scalar(60 + (i * 7), 200 - (i * 5), 180), -1);
        }

        // Without noise it would be a camera that hangs.
        var random = new Random(number);
        for (var i = 0; i < captured.Buffer.Length; i++) captured.Buffer[i] += (byte)random.Next(5);
        return captured.IntoAnonymized();
    }

    /// <summary>Blocks with a sure edge, away from the picture's sides.</summary>
    private static HashSet<(int X, int Y)> Strong(Mat edges, int channel)
    {
        var found = new HashSet<(int X, int Y)>();
        var (rows, columns) = (edges.Rows, edges.Cols);
        for (var y = 4; y < rows - 4; y++)
        {
            for (var x = 4; x < columns - 4; x++)
            {
                if (edges.At<Vec3b>(y, x)[channel] > 90) found.Add((x, y));
            }
        }

        return found;
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
