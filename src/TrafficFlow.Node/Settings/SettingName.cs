namespace TrafficFlow.Node.Settings;

/// <summary>Names of cameras, sites and detectors.</summary>
internal static class SettingName
{
    /// <summary>A name that is allowed in settings, made of a file's.</summary>
    public static string Of(string name)
    {
        var safe = new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-')]).Trim('-', '_');
        return safe.Length switch { 0 => "video", > 60 => safe[..60], _ => safe };
    }
}
