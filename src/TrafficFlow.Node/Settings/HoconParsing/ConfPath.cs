namespace TrafficFlow.Node.Settings.HoconParsing;

/// <summary>Full key paths as they are shown to people.</summary>
public static class ConfPath
{
    public static string Join(string path, string key)
    {
        var shown = key.Length == 0 || key.Contains('.') || key.Any(char.IsWhiteSpace) ? $"\"{key}\"" : key;
        return path.Length == 0 ? shown : $"{path}.{shown}";
    }
}
