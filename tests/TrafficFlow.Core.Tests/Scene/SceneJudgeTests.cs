using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Scene;

public sealed class SceneJudgeTests
{
    private const double Patience = 10;
    private readonly StreetScene _street = new();

    public SceneJudgeTests() => _street.Watch(30);

    public static TheoryData<string, SceneState, Action<StreetScene>> Faults => new()
    {
        { "shifted right", SceneState.Moved, s => s.ShiftX = 0.02 },
        { "shifted up", SceneState.Moved, s => s.ShiftY = -0.02 },
        { "turned", SceneState.Moved, s => s.Degrees = 3 },
        { "zoomed", SceneState.Moved, s => s.Zoom = 1.05 },
        { "turned away", SceneState.Elsewhere, s => (s.ShiftX, s.ShiftY) = (0.45, 0.2) },
        { "blurred", SceneState.Blurred, s => s.Blur = 12 },
        { "half covered", SceneState.Covered, s => s.Covered = 0.5 },
        { "covered", SceneState.Covered, s => s.Covered = 1 },
        { "dark", SceneState.Dark, s => s.Light = 0.03 },
        { "exposure up", SceneState.ExposureJump, s => s.Light = 1.5 },
        { "exposure down", SceneState.ExposureJump, s => s.Light = 0.6 },
        { "frozen", SceneState.Frozen, s => s.IsFrozen = true },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_told_within_ten_seconds_and_its_end_too(string fault, SceneState expected, Action<StreetScene> happen)
    {
        happen(_street);
        Assert.True(_street.Until(expected, Patience) is not null, $"{fault}: {_street.Judge.Verdict}");

        var mended = new StreetScene();
        (_street.ShiftX, _street.ShiftY, _street.Degrees, _street.Zoom, _street.Blur) = (mended.ShiftX, mended.ShiftY, mended.Degrees, mended.Zoom, mended.Blur);
        (_street.Covered, _street.Light, _street.IsFrozen) = (mended.Covered, mended.Light, mended.IsFrozen);
        Assert.True(_street.Until(SceneState.InPlace, 20) is not null, $"after {fault}: {_street.Judge.Verdict}");
    }

    [Fact]
    public void A_shift_is_measured_in_widths_of_the_picture()
    {
        (_street.ShiftX, _street.ShiftY) = (0.03, -0.015);
        _street.Watch(12);

        Assert.Equal(0.03, _street.Judge.Verdict.ShiftX, 0.002);
        Assert.Equal(-0.015, _street.Judge.Verdict.ShiftY, 0.002);
        Assert.InRange(_street.Judge.Verdict.RotationDegrees, -0.5, 0.5);
        Assert.InRange(_street.Judge.Verdict.Zoom, 0.99, 1.01);
    }

    [Fact]
    public void Traffic_alone_never_is_a_fault() => Assert.Equal([SceneState.InPlace], _street.Watch(600));

    [Fact]
    public void A_queue_that_comes_stands_for_minutes_and_drives_off_is_no_fault()
    {
        var states = new List<SceneState>();
        for (_street.Queue = 0; _street.Queue < 12; _street.Queue++) states.AddRange(_street.Watch(2));
        states.AddRange(_street.Watch(180));
        for (; _street.Queue > 0; _street.Queue--) states.AddRange(_street.Watch(2));
        states.AddRange(_street.Watch(30));

        Assert.Equal([SceneState.InPlace], states.Distinct());
    }

    [Fact]
    public void A_queue_that_stood_there_from_the_beginning_may_drive_off()
    {
        var street = new StreetScene { Queue = 10 };
        street.Watch(60);
        var states = new List<SceneState>();
        for (; street.Queue > 0; street.Queue--) states.AddRange(street.Watch(2));
        states.AddRange(street.Watch(30));

        Assert.Equal([SceneState.InPlace], states.Distinct());
    }

    [Fact]
    public void Nightfall_is_no_fault_and_a_camera_that_is_moved_at_night_is_told()
    {
        var states = new List<SceneState>();
        for (var minute = 0; minute < 30; minute++)
        {
            (_street.Light, _street.Contrast) = (1 - (minute / 40.0), 1 - (minute / 50.0));
            states.AddRange(_street.Watch(60));
        }

        Assert.Equal([SceneState.InPlace], states.Distinct());
        _street.ShiftX = 0.02;
        Assert.NotNull(_street.Until(SceneState.Moved, Patience));
    }

    [Fact]
    public void A_camera_that_creeps_is_told_however_slowly_it_does()
    {
        for (var i = 0; i < 60 && !_street.Judge.Verdict.IsDegraded; i++)
        {
            _street.ShiftX += 0.0003;
            _street.Watch(45);
        }

        Assert.Equal(SceneState.Moved, _street.Judge.Verdict.State);
        Assert.Equal(0.0105, _street.Judge.Verdict.ShiftX, 0.002);
    }

    [Fact]
    public void Sway_is_told_and_is_no_fault()
    {
        for (var i = 0; i < 60; i++)
        {
            _street.ShiftX = 0.004 * Math.Sin(i * 1.3);
            _street.Watch(0.5);
        }

        Assert.Equal(SceneState.Swaying, _street.Judge.Verdict.State);
        Assert.False(_street.Judge.Verdict.IsDegraded);
    }

    [Fact]
    public void A_camera_that_was_moved_while_nobody_watched_is_told_after_the_start()
    {
        var stored = _street.Judge.Reference()!;
        var street = new StreetScene { ShiftY = 0.02 };
        Assert.True(street.Judge.Restore(stored));

        Assert.NotNull(street.Until(SceneState.Moved, Patience));
        street.Judge.Accept();
        street.Watch(20);
        Assert.Equal(SceneState.InPlace, street.Judge.Verdict.State);
    }

    [Fact]
    public void A_stored_scene_that_is_damaged_or_of_another_size_is_refused()
    {
        var stored = _street.Judge.Reference()!;

        Assert.False(_street.Judge.Restore(stored[..^1]));
        Assert.False(_street.Judge.Restore([]));
        Assert.False(_street.Judge.Restore([.. stored, 0]));
        Assert.False(new SceneJudge(new SceneGrid(new(352, 288, 10), []), SceneSettings.Default).Restore(stored));
    }

    public static TheoryData<string, SceneState, StreetScene> BadStarts => new()
    {
        { "in the dark", SceneState.Dark, new StreetScene { Light = 0.02, Contrast = 0.1 } },
        { "with a bag over the camera", SceneState.Covered, new StreetScene { Covered = 1 } },
        { "in thick fog", SceneState.Covered, new StreetScene { Contrast = 0.005 } },
        { "in fog", SceneState.Blurred, new StreetScene { Contrast = 0.03 } },
    };

    [Theory]
    [MemberData(nameof(BadStarts))]
    public void A_start_that_shows_no_scene_is_told_once_and_until_there_is_one(string start, SceneState expected, StreetScene street)
    {
        Assert.Equal([SceneState.Unknown, expected], street.Watch(10));
        Assert.True(street.Watch(60) is [var only] && only == expected, $"{start}: it flaps");

        (street.Light, street.Contrast, street.Covered) = (1, 1, 0);
        Assert.NotNull(street.Until(SceneState.InPlace, 30));
    }

    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(1, 0.1)]
    [InlineData(0.3, 0.3)]
    public void A_start_at_night_or_in_haze_is_no_fault(double light, double contrast) =>
        Assert.Equal([SceneState.Unknown, SceneState.InPlace], new StreetScene { Light = light, Contrast = contrast }.Watch(120));

    [Fact]
    public void Bare_road_between_masks_is_unknown()
    {
        var frame = new FrameFormat(640, 360, 10);
        var grid = new SceneGrid(frame, [new([new(0, 0), new(1, 0), new(1, 0.8), new(0, 0.8)])]);
        var (judge, picture, pixels, random) = (new SceneJudge(grid, SceneSettings.Default), new ScenePicture(grid), new byte[grid.FineWidth * grid.FineHeight], new Random(1));
        for (var i = 0; i < 40; i++)
        {
            for (var p = 0; p < pixels.Length; p++) pixels[p] = (byte)(100 + random.Next(3));
            picture.Take(pixels);
            Assert.Equal(SceneState.Unknown, judge.Judge(picture, DateTimeOffset.UnixEpoch.AddSeconds(i * 0.5)).State);
        }
    }
}
