using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Scene;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Web.Pages.Cameras;

/// <summary>States of cameras in words, and how they look.</summary>
public static class CameraWords
{
    /// <summary>Class of the style sheet: complete, partial or degraded.</summary>
    public static string Look(CameraState? state) => state switch
    {
        CameraState.Streaming or CameraState.Finished => "complete",
        CameraState.Connecting => "partial",
        _ => "degraded",
    };

    public static string Look(SceneState? scene) => scene switch
    {
        SceneState.InPlace or SceneState.Swaying => "complete",
        null or SceneState.Unknown => "partial",
        _ => "degraded",
    };

    public static string Of(CameraState state, string language) => (state, language == "ja") switch
    {
        (CameraState.Connecting, false) => "connecting",
        (CameraState.Streaming, false) => "streaming",
        (CameraState.BackingOff, false) => "waits to be opened again",
        (CameraState.Finished, false) => "at the end of its file",
        (CameraState.Failed, false) => "failed",
        (CameraState.Connecting, true) => "接続中",
        (CameraState.Streaming, true) => "受信中",
        (CameraState.BackingOff, true) => "再接続待ち",
        (CameraState.Finished, true) => "ファイル終端",
        (CameraState.Failed, true) => "停止",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no such state"),
    };

    public static string Of(WatchState state, string language) => (state, language == "ja") switch
    {
        (WatchState.Watching, false) => "watching",
        (WatchState.Degraded, false) => "degraded",
        (WatchState.Watching, true) => "観測中",
        (WatchState.Degraded, true) => "品質低下",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no such state"),
    };

    public static string Of(SceneState scene, string language) => language == "ja" ? InJapanese(scene) : scene.Name().Replace('-', ' ');

    private static string InJapanese(SceneState scene) => scene switch
    {
        SceneState.Unknown => "未判定",
        SceneState.InPlace => "正常",
        SceneState.Swaying => "揺れ",
        SceneState.Moved => "位置ずれ",
        SceneState.Elsewhere => "別の場所",
        SceneState.Blurred => "ぼけ",
        SceneState.Covered => "遮蔽",
        SceneState.Dark => "暗すぎる",
        SceneState.ExposureJump => "明るさの急変",
        SceneState.Frozen => "静止画",
        SceneState.Noisy => "ノイズ",
        SceneState.Glare => "まぶしさ",
        _ => throw new ArgumentOutOfRangeException(nameof(scene), scene, "no such state of a scene"),
    };
}
