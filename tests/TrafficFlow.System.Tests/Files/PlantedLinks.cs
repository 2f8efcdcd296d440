namespace TrafficFlow.SystemTests.Files;

/// <summary>A folder in which somebody else laid links to a file that must stay as it is.</summary>
internal sealed class PlantedLinks : IDisposable
{
    public const string Precious = "precious";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trafficflow-links-");

    public PlantedLinks() => File.WriteAllText(Victim, Precious);

    public string Path => _folder.FullName;

    public string Victim => Of("victim");

    public string Nowhere => Of("nowhere");

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public string Read() => File.ReadAllText(Victim);

    public string Plant(string name)
    {
        File.CreateSymbolicLink(Of(name), Victim);
        return Of(name);
    }

    public string PlantToNowhere(string name)
    {
        File.CreateSymbolicLink(Of(name), Nowhere);
        return Of(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
