namespace TrafficFlow.Web.Formats.Datex;

/// <summary>What stands in the extension of a physical quantity: what DATEX II has no element for, and no number should go without.</summary>
public static class DatexExtension
{
    public const string Namespace = "urn:trafficflow:datex:1";

    /// <summary>Its XML schema, for who validates.</summary>
    public const string Schema = $"""
        <?xml version="1.0" encoding="utf-8"?>
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{Namespace}" elementFormDefault="qualified" version="1">
          <xs:element name="bin">
            <xs:complexType>
              <xs:attribute name="count" type="xs:nonNegativeInteger" />
              <xs:attribute name="speedSamples" type="xs:nonNegativeInteger" />
              <xs:attribute name="state" use="required">
                <xs:simpleType>
                  <xs:restriction base="xs:string">
                    <xs:enumeration value="counted" />
                    <xs:enumeration value="missing" />
                    <xs:enumeration value="suppressed" />
                    <xs:enumeration value="coarsened" />
                    <xs:enumeration value="pending" />
                  </xs:restriction>
                </xs:simpleType>
              </xs:attribute>
              <xs:attribute name="suppressed" type="xs:boolean" use="required" />
              <xs:attribute name="quality" use="required">
                <xs:simpleType>
                  <xs:restriction base="xs:string">
                    <xs:enumeration value="complete" />
                    <xs:enumeration value="partial" />
                    <xs:enumeration value="degraded" />
                    <xs:enumeration value="blind" />
                    <xs:enumeration value="missing" />
                  </xs:restriction>
                </xs:simpleType>
              </xs:attribute>
              <xs:attribute name="observedSeconds" type="xs:decimal" use="required" />
              <xs:attribute name="coverage" type="xs:decimal" use="required" />
              <xs:attribute name="revision" type="xs:positiveInteger" />
              <xs:attribute name="siteHash" type="xs:string" />
              <xs:attribute name="model" type="xs:string" />
              <xs:attribute name="calibration" type="xs:string" />
            </xs:complexType>
          </xs:element>
        </xs:schema>
        """;
}
