using System.Globalization;
using System.Text;
using System.Xml;

namespace TrafficFlow.Web.Formats.Datex;

/// <summary>Writes the parts that publications of DATEX II v3 share.</summary>
internal sealed class DatexXml : IDisposable
{
    public const string Payload = "http://datex2.eu/schema/3/d2Payload";
    public const string Common = "http://datex2.eu/schema/3/common";
    public const string Road = "http://datex2.eu/schema/3/roadTrafficData";
    public const string Place = "http://datex2.eu/schema/3/locationReferencing";

    private const string Instance = "http://www.w3.org/2001/XMLSchema-instance";

    private readonly XmlWriter _xml;

    public DatexXml(Stream to) => _xml = XmlWriter.Create(to, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, CloseOutput = false });

    /// <summary>Opens a publication up to where its own content begins.</summary>
    /// <param name="type">Of <see cref="Road"/>.</param>
    public void BeginPublication(string type, DatexPublisher publisher, DateTimeOffset at)
    {
        _xml.WriteStartDocument();
        _xml.WriteStartElement("d2", "payload", Payload);
        foreach (var (prefix, space) in new[] { ("com", Common), ("roa", Road), ("loc", Place), ("tf", DatexExtension.Namespace), ("xsi", Instance) }) _xml.WriteAttributeString("xmlns", prefix, null, space);
        Type($"roa:{type}");
        _xml.WriteAttributeString("lang", publisher.Language);
        _xml.WriteAttributeString("modelBaseVersion", "3");
        Value(Common, "publicationTime", Time(at));
        Begin(Common, "publicationCreator");
        Value(Common, "country", publisher.Country);
        Value(Common, "nationalIdentifier", publisher.NationalIdentifier);
        End();
    }

    public void Header(DatexPublisher publisher)
    {
        Begin(Road, "headerInformation");
        Value(Common, "confidentiality", publisher.IsPublic ? "noRestriction" : "internalUse");
        Value(Common, "informationStatus", "real");
        End();
    }

    public void Begin(string space, string name) => _xml.WriteStartElement(name, space);

    /// <summary>Opens an element of a type that is derived from the declared one.</summary>
    public void Begin(string space, string name, string type)
    {
        Begin(space, name);
        Type(type);
    }

    public void End() => _xml.WriteEndElement();

    public void Attribute(string name, string value) => _xml.WriteAttributeString(name, value);

    public void Content(string text) => _xml.WriteString(text);

    public void Value(string space, string name, string value) => _xml.WriteElementString(name, space, value);

    /// <summary>A text in one language.</summary>
    public void Text(string space, string name, string language, string text)
    {
        Begin(space, name);
        Begin(Common, "values");
        Begin(Common, "value");
        Attribute("lang", language);
        _xml.WriteString(text);
        End();
        End();
        End();
    }

    public void VehicleType(string space, string name, string vehicleClass)
    {
        Begin(space, name);
        Value(Common, "vehicleType", DatexIndex.VehicleType(vehicleClass));
        End();
    }

    public void Flush() => _xml.Flush();

    public void EndPublication()
    {
        _xml.WriteEndDocument();
        _xml.Flush();
    }

    public void Dispose() => _xml.Dispose();

    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    public static string Number(double number) => number.ToString("0.#######", CultureInfo.InvariantCulture);

    private void Type(string type) => _xml.WriteAttributeString("type", Instance, type);
}
