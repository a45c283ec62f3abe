import "./styles/plenary.css"
