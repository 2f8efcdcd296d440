namespace TrafficFlow.Node.Settings;

/// <summary>The settings below all others: common.conf, beside the file that is read or as it came with the executable.</summary>
internal static class CommonFile
{
    private const string Name = "common.conf";

    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "hocon", Name);

    /// <summary>Null, and a problem, where there is none; null alone where <paramref name="file"/> is common.conf itself.</summary>
    public static string? Find(string file, List<SettingsProblem> problems)
    {
        if (Path.GetFileName(file) == Name) return null;
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, Name);
        if (File.Exists(beside)) return beside;
        if (File.Exists(Shipped)) return Shipped;
        problems.Add(new SettingsProblem(Shipped, null, "", "there is no such file", $"install it again, or put {Name} beside {file}"));
        return null;
    }
}
