from daphne.ws_protocol import WebSocketFactory

from live.server import settled


def refuse(offers):
    """Options may be functions: they must not become methods."""


def test_a_connection_finds_the_factorys_options_without_a_copy_of_its_own():
    factory = WebSocketFactory(None)
    factory.setProtocolOptions(maxFramePayloadSize=4711, perMessageCompressionAccept=refuse)
    connection = settled(factory)()
    assert connection.maxFramePayloadSize == 4711
    assert connection.perMessageCompressionAccept is refuse
    assert connection.CONFIG_ATTRS == ()
    assert isinstance(connection, WebSocketFactory.protocol)
